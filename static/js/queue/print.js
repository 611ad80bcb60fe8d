// Prints the number; without this script the browser's own menu does it.
const button = document.getElementById("queue-print");
button.hidden = false;
button.addEventListener("click", () => window.print());
