import neighbour from "../../well_behaved/system.ts";

export default neighbour;
