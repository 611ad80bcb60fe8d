// A page of a closed edition: what its forms hold is read and copied, and no key sends them.
const FORM = 'main form[method="post"]:not(.stays-open *)';
const CHOICES = 'select, button:not([type="button"]), input:is([type="checkbox"], [type="radio"], [type="file"])';

for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll(`${FORM} :is(input, textarea)`))) {
  field.readOnly = true;
}
for (const choice of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll(`${FORM} :is(${CHOICES})`))) {
  choice.disabled = true;
}
