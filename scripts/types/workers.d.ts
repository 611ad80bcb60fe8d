// What the server writes before the text of static/js/offline/worker.js.
declare const PAGE: string;
declare const VERSION: string;
declare const FILES: string[];
declare const STORE: string;
declare const OWN_PAGE: RegExp;
