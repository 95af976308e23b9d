import { APIError } from "../support/api.js";
import { field, h } from "../support/dom.js";
import { text } from "../support/text.js";

/** Asks for the token, once for a tab. */
export class SignIn {
  /**
   * @param {import("../application.js").Context} context
   * @param {() => void} onSignedIn
   */
  constructor(context, onSignedIn) {
    const input = h("input", { type: "password", autocomplete: "current-password", required: true, spellcheck: "false" });
    const fault = h("p", { class: "warning", role: "alert", hidden: true });
    const submit = h("button", { class: "main" }, text.signIn.submit);
    const form = h("form", {}, field(text.signIn.token, input, text.signIn.hint), fault, submit);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const token = input.value.trim();
      submit.disabled = true;
      try {
        context.api.token = token;
        const identity = await context.api.get("v1/me");
        context.session.keep(token);
        context.session.identity = identity;
        onSignedIn();
      } catch (error) {
        context.api.token = null;
        fault.hidden = false;
        fault.textContent = error instanceof APIError && error.status === 401 ? text.signIn.wrong
          : error instanceof Error ? error.message : String(error);
        input.focus();
      } finally {
        submit.disabled = false;
      }
    });
    this.element = h("main", { class: "narrow" }, h("h1", {}, text.signIn.title), form);
    setTimeout(() => input.focus());
  }
}
