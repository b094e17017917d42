/* Keys of the window: "/" goes to the item search, Enter goes on to the next field. */
"use strict";

(() => {
    const typing = (target) =>
        target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

    /* A closed <details> hides its fields without taking their box away. */
    const shown = (field) => field.offsetParent !== null && !field.closest("details:not([open])");

    const fieldsOf = (form) =>
        [...form.elements].filter(
            (field) => field.type !== "hidden" && !field.disabled && shown(field),
        );

    const goOn = (event) => {
        const fields = fieldsOf(event.target.form);
        const next = fields[fields.indexOf(event.target) + 1];
        if (next) {
            event.preventDefault();
            next.focus();
        }
    };

    const moveInList = (event, step) => {
        const links = [...document.querySelectorAll(".window-found .window-hit > a:first-child")];
        const place = links.indexOf(document.activeElement);
        if (place >= 0 && links[place + step]) {
            event.preventDefault();
            links[place + step].focus();
        }
    };

    document.addEventListener(
        "keydown",
        (event) => {
            const box = document.querySelector("[data-window-search]");
            const inForm = event.target.form && event.target.form.matches("[data-window-form]");
            const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
            const free = !typing(event.target) || (event.target === box && box.value === "");
            if (event.key === "/" && box && plain && free) {
                event.preventDefault();
                event.stopImmediatePropagation();
                box.focus();
                box.select();
            } else if (event.key === "Enter" && plain && inForm) {
                if (/^(INPUT|SELECT)$/.test(event.target.tagName)) {
                    goOn(event);
                }
            } else if (event.key === "ArrowDown") {
                moveInList(event, 1);
            } else if (event.key === "ArrowUp") {
                moveInList(event, -1);
            }
        },
        true,
    );

    document.addEventListener("submit", (event) => {
        if (event.target.matches("[data-window-form]")) {
            if (event.target.dataset.sent) {
                event.preventDefault();
            }
            event.target.dataset.sent = "yes";
        }
    });

    /* What is typed is stored a moment after the last key: a lost connection or a closed page
       costs nothing. Files stay where they are. */
    const KEEP_AFTER = 1500;
    let waiting = 0;

    const keep = async (form) => {
        const shown = form.querySelector("[data-kept]");
        const data = new FormData(form);
        [...data.entries()].forEach(([name, value]) => value instanceof File && data.delete(name));
        try {
            const answer = await fetch(form.dataset.keep, {method: "POST", body: data});
            shown.textContent = answer.ok || answer.status === 422 ? (await answer.json()).detail : "";
        } catch {
            shown.textContent = "";
        }
    };

    const keepSoon = (event) => {
        const form = event.target.form;
        if (form && form.dataset.keep && !form.dataset.sent) {
            clearTimeout(waiting);
            waiting = setTimeout(() => form.dataset.sent || keep(form), KEEP_AFTER);
        }
    };

    document.addEventListener("input", keepSoon);
    document.addEventListener("change", keepSoon);

    /* Once the identity number stands, the window shows what is on file of the applicant. */
    const askKnown = async (field) => {
        const form = field.form;
        const box = form && form.querySelector("[data-known]");
        if (!box || !/^a-id_(number|type)$/.test(field.name)) {
            return;
        }
        const data = new FormData(form);
        [...data.entries()].forEach(([name, value]) => value instanceof File && data.delete(name));
        try {
            const answer = await fetch(form.dataset.askKnown, {method: "POST", body: data});
            box.innerHTML = answer.ok ? await answer.text() : "";
        } catch {
            box.innerHTML = "";
        }
    };

    document.addEventListener("change", (event) => askKnown(event.target));

    document.addEventListener("DOMContentLoaded", () => {
        // A form taken up again has its number already.
        const number = document.querySelector("[data-ask-known] [name=a-id_number]");
        if (number && number.value && !document.querySelector("[data-known]").children.length) {
            askKnown(number);
        }
    });

    /* One key for a complete set: what is needed is ticked, and the form may be handed in. */
    document.addEventListener("click", (event) => {
        if (!event.target.matches("[data-all-here]")) {
            return;
        }
        const form = event.target.form;
        form.querySelectorAll("[data-needed] input[name$=_here]").forEach((tick) => {
            tick.checked = true;
        });
        form.querySelector("button[value=accept]").focus();
    });

    window.addEventListener("pageshow", () => {
        document.querySelectorAll("[data-window-form]").forEach((form) => delete form.dataset.sent);
    });

    document.addEventListener("DOMContentLoaded", () => {
        const form = document.querySelector("[data-window-form]");
        if (form && !document.querySelector(".errors[role=alert]")) {
            const first = fieldsOf(form)[0];
            if (first) {
                first.focus();
            }
        }
    });
})();
