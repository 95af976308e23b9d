import { API } from "../support/api.js";
import { Annotator } from "../annotate/annotator.js";
import { APIError } from "../support/api.js";
import { text } from "../support/text.js";
import { openVolume } from "./open-volume.js";
import { VolumeWatch } from "./volume-watch.js";
import { Workbench } from "./workbench.js";

/**
 * The workbench of a volume, with tools for those who may annotate.
 * @param {import("../application.js").Context} context
 * @param {string} projectName
 * @param {string} volumeName
 */
export async function openWorkbench(context, projectName, volumeName) {
  const { api, session, announcer } = context;
  const path = API.path("v1", "projects", projectName);
  const [project, volume] = await Promise.all([
    api.get(path), api.get(`${path}/${API.path("volumes", volumeName)}`),
  ]);
  const annotator = session.may("annotator") ? new Annotator({
    api, project: project.name, volume, classes: project.classes, author: session.identity?.token ?? "",
    announce: (/** @type {string} */ words) => announcer.tell(words),
  }) : null;
  const at = `${path}/${API.path("volumes", volumeName)}`;
  const watch = new VolumeWatch(api, at, volume);
  watch.addEventListener("replaced", () => {
    announcer.note(text.view.replaced);
    context.reload();
  });
  if (annotator) annotator.service.onReplaced = () => watch.check().catch(() => {});
  const voxels = await openVolume(api, at, async (error) => {
    // Bricks of what was replaced are gone: that is no fault to be told.
    const isGone = error instanceof APIError && error.status === 404;
    if (!isGone || (await watch.check().catch(() => true))) announcer.error(error);
  });
  return new Workbench(context, project, volume, annotator, { ...voxels, watch });
}
