// « Tout cocher », and how many rows are ticked. Without it, the boxes alone do the work.
const form = document.querySelector(".together");

if (form) {
  const boxes = [...form.querySelectorAll("input[name=row]")];
  const bar = form.querySelector(".together__bar");
  const count = document.createElement("p");
  count.className = "together__count";
  count.setAttribute("role", "status");
  const label = document.createElement("label");
  label.className = "rows__choice--all";
  const all = document.createElement("input");
  all.type = "checkbox";
  all.className = "form-check-input";
  label.append(all, " Tout cocher");
  bar.prepend(label, count);

  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    count.textContent = ticked === 0 ? "" : `${ticked}\u00a0${ticked === 1 ? "cochée" : "cochées"}`;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  form.addEventListener("change", show);
  show();
}
