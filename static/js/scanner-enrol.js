// Keeps the token that the page hands over, once, then opens the scanner.
const { token, name, door, next } = document.getElementById("enrolled").dataset;
localStorage.setItem("station", JSON.stringify({ token, name, door }));
location.replace(next);
