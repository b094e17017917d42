/* Keys of the house: "/" searches, "?" lists the keys, Ctrl+Enter submits the main form. */
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

    document.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            submitMain(event);
        } else if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) {
            return;
        } else if (event.key === "/") {
            search(event);
        } else if (event.key === "?") {
            showKeys();
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

    document.addEventListener("DOMContentLoaded", () => {
        const errors = document.querySelector(".errors[role=alert]");
        if (errors) {
            errors.focus();
        }
    });
})();
