import { API } from "../support/api.js";
import { button, h } from "../support/dom.js";
import { text } from "../support/text.js";
import { Phantom } from "./phantom.js";

/** The name of the project that the tour makes. */
export const tourName = "tour";

/** Offers a made-up image to those who have none at hand. */
export class Tour {
  /** @param {import("../application.js").Context} context */
  constructor(context) {
    const { api } = context, project = API.path("v1", "projects", tourName), volume = `${project}/volumes/phantom`;
    const begin = button(text.tour.begin, async () => {
      begin.disabled = true;
      try {
        const phantom = new Phantom();
        await api.json("PUT", project, { classes: text.tour.classes, description: text.tour.description });
        const query = { spacing: "1,0.5,0.5", unit: "micrometer" };
        await api.send("PUT", volume, { query, body: phantom.npy(phantom.image) });
        await api.send("PUT", `${volume}/truth`, { body: phantom.npy(phantom.labels) });
        context.go(tourName, "phantom");
      } catch (error) {
        begin.disabled = false;
        context.announcer.error(error);
      }
    }, { class: "main" });
    this.element = h("section", { class: "card" }, h("h2", {}, text.tour.title), h("p", {}, text.tour.offer), begin);
  }

  /** What to do with it, beside the image. */
  static steps() {
    const element = h("details", { class: "tour", open: true }, h("summary", {}, text.tour.title),
      h("ol", {}, ...text.tour.steps.map((step) => h("li", {}, step))));
    return element;
  }
}
