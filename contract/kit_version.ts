/** Version of the kit, as it stands in every report and in the API. */
export const KIT_VERSION = "0.1.0";
