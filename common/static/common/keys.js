/* Keys of the house: "/" searches, "?" lists the keys, 1 to 9 open an own filter, Ctrl+Enter submits the main form. */
"use strict";

(() => {
    const typing = (target) =>
        target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

    const searchBox = () => document.querySelector("[data-search]");
    const keysList = () => document.getElementById("keys");

    const mainForm = (target) =>
        target.closest("form[method=post]") ||
        document.querySelector("form[data-main]") ||
        document.querySelector("main form[method=post]");

    const showKeys = () => {
        const list = keysList();
        if (list && !list.open) {
            list.showModal();
        }
    };

    const submitMain = (event) => {
        const form = mainForm(event.target);
        if (form) {
            event.preventDefault();
            form.requestSubmit(form.querySelector("[type=submit].default, .btn--primary[type=submit]"));
        }
    };

    const search = (event) => {
        const box = searchBox();
        if (box) {
            event.preventDefault();
            box.focus();
            box.select();
        }
    };

    const openKept = (event) => {
        const kept = document.querySelector(`[data-digit="${event.key}"]`);
        if (kept) {
            event.preventDefault();
            kept.click();
        }
    };

    document.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            submitMain(event);
        } else if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) {
            return;
        } else if (event.key === "/") {
            search(event);
        } else if (event.key === "?") {
            showKeys();
        } else if (/^[1-9]$/.test(event.key)) {
            openKept(event);
        }
    });

    document.addEventListener("click", (event) => {
        if (event.target.closest("[data-show-keys]")) {
            showKeys();
        } else if (event.target.closest("[data-print]")) {
            window.print();
        }
        document.querySelectorAll("details.me[open]").forEach((menu) => {
            if (!menu.contains(event.target)) {
                menu.open = false;
            }
        });
    });

    // Django leaves its autocomplete boxes and the cells of its tables of rows without a name.
    const nameBoxes = () => {
        document.querySelectorAll("select.admin-autocomplete[id]").forEach((select) => {
            const label = document.querySelector(`label[for="${select.id}"]`);
            const name = label ? label.textContent.trim().replace(/[:：]$/, "") : columnName(select);
            select.parentElement.querySelectorAll("[role=combobox], [role=textbox]").forEach((box) => {
                box.setAttribute("aria-label", name);
                box.removeAttribute("aria-labelledby");
            });
        });
        document.querySelectorAll(".tabular td :is(input, select, textarea)").forEach((cell) => {
            if (cell.type !== "hidden" && !cell.labels.length) {
                cell.setAttribute("aria-label", columnName(cell));
            }
        });
    };

    // What scrolls sideways can be reached and scrolled by keys.
    const reachScrolled = () => {
        document.querySelectorAll(".inline-group .tabular").forEach((frame) => {
            if (frame.scrollWidth > frame.clientWidth) {
                frame.tabIndex = 0;
            }
        });
    };

    const columnName = (cell) => {
        const place = cell.closest("td");
        const head = place && place.closest("table").querySelectorAll("thead th:not(.original)");
        const column = place && [...place.parentElement.querySelectorAll("td:not(.original)")].indexOf(place);
        return head && head[column] ? head[column].textContent.trim() : "";
    };

    // After Django's own start, which draws the boxes; and after a row was added.
    window.addEventListener("load", () => {
        const ready = window.django && window.django.jQuery;
        reachScrolled();
        return ready ? ready(nameBoxes) : nameBoxes();
    });
    window.addEventListener("resize", reachScrolled);
    document.addEventListener("formset:added", () => setTimeout(nameBoxes));

    document.addEventListener("DOMContentLoaded", () => {
        const errors = document.querySelector(".errors[role=alert]");
        if (errors) {
            errors.focus();
        }
    });
})();
