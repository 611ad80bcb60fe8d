// « Tout cocher » above each hall of a proposed plan, and how many are ticked on the button.
const form = document.querySelector(".proposal-form");

if (form) {
  const boxes = () => [...form.querySelectorAll("input[name=exhibitors]")];
  const said = form.querySelector("[data-ticked]");

  const show = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    if (said) said.textContent = `${ticked} sur ${boxes().length}`;
    for (const all of form.querySelectorAll("[data-all]")) {
      const here = [...all.closest("table").querySelectorAll("input[name=exhibitors]")];
      const on = here.filter((box) => box.checked).length;
      all.checked = on === here.length;
      all.indeterminate = on > 0 && on < here.length;
    }
  };

  for (const head of form.querySelectorAll("[data-tick-head]")) {
    const table = head.closest("table");
    if (!table.querySelector("input[name=exhibitors]")) continue;
    const all = document.createElement("input");
    all.type = "checkbox";
    all.className = "form-check-input";
    all.dataset.all = "";
    all.setAttribute("aria-label", `Tout cocher, ${head.dataset.tickHead}`);
    head.append(document.createElement("br"), all);
    all.addEventListener("change", () => {
      for (const box of table.querySelectorAll("input[name=exhibitors]")) box.checked = all.checked;
      show();
    });
  }
  form.addEventListener("change", show);
  show();
}
