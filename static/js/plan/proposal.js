// Waits for a proposed plan: the page opens again when it is computed.
import { follow } from "../page/requests.js";

follow(document.querySelector("[data-proposal]").dataset.proposal, 1500, ({ status }) => status === "done");
