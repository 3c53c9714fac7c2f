/** Version of the kit, as it stands in every report. */
export const KIT_VERSION = "0.1.0";
