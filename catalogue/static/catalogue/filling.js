/* Forms of items: a field shows itself when its condition holds, and takes what the applicant's
   own fields say. Without this script every field stands open and the server decides the same. */
"use strict";

(() => {
    const answersTo = (form, name) =>
        [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)]
            .filter((field) => !field.disabled && (field.type !== "checkbox" || field.checked))
            .map((field) => field.value);

    const show = (form) => {
        // A condition looks at earlier fields only, so one pass in the order of the page is enough.
        form.querySelectorAll("[data-watched]").forEach((box) => {
            const wanted = box.dataset.among.split("、");
            const holds = answersTo(form, box.dataset.watched).some((one) => wanted.includes(one));
            box.hidden = !holds;
            box.querySelectorAll("input, select, textarea").forEach((field) => {
                field.disabled = !holds;
            });
        });
    };

    const fill = (form) => {
        form.querySelectorAll("[data-prefill]").forEach((box) => {
            const source = form.querySelector(`[data-applicant] [name$="-${box.dataset.prefill}"]`);
            const target = box.querySelector("input, textarea");
            if (source && target && (target.value === "" || target.dataset.taken === target.value)) {
                target.value = source.value;
                target.dataset.taken = source.value;
            }
        });
    };

    document.addEventListener("DOMContentLoaded", () => {
        document.querySelectorAll("form").forEach((form) => {
            if (form.querySelector("[data-watched], [data-prefill]")) {
                show(form);
                form.addEventListener("change", () => {
                    show(form);
                    fill(form);
                });
            }
        });
    });
})();
