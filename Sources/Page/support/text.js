import { share } from "./units.js";

/** Everything that people read in the page. A translation is another file like this one. */
export const text = {
  name: "Slicewise",

  // Annotate: tools, saving, conflicts, history.
  annotate: {
  },

  // Words that several parts use.
  common: {
    cancel: "Cancel",
    close: "Close",
    remove: "Remove",
    retry: "Try again",
    offline: "The server does not answer. Nothing is lost; the page tries again.",
    unlabeled: "unlabeled",
  },

  shell: {
    trail: "Where you are",
    signedIn: (/** @type {string} */ name, /** @type {string} */ role) => `${name} (${role})`,
    signOut: "Sign out",
    fault: "This can't be shown",
  },

  units: {
    seconds: (/** @type {number} */ seconds) => `${seconds} s`,
    minutes: (/** @type {number} */ minutes, /** @type {number} */ seconds) =>
      seconds === 0 ? `${minutes} min` : `${minutes} min ${seconds} s`,
    hours: (/** @type {number} */ hours, /** @type {number} */ minutes) => `${hours} h ${minutes} min`,
  },

  signIn: {
    title: "Sign in",
    token: "Access token",
    hint: "Whoever runs this server gives them out. It is kept for this tab only.",
    submit: "Sign in",
    wrong: "The server does not know this token: it may be mistyped, revoked or expired.",
  },

  projects: {
    title: "Projects",
    none: "There is no project yet. A project is a list of classes and the images that are segmented into them.",
    noneSeen: "There is no project that your token may see.",
    volumes: (/** @type {number} */ count) => (count === 1 ? "1 volume" : `${count} volumes`),
    create: "New project",
    name: "Project name",
    nameHint: "Letters, digits, dots, underscores and hyphens",
    description: "Description",
    submit: "Create project",
    exists: "There is a project of this name already.",
  },

  classes: {
    title: "Classes",
    hint: "What voxels are told apart into. One of them is usually the background.",
    background: "background",
    object: "object",
    name: (/** @type {number} */ index) => `Name of class ${index + 1}`,
    color: (/** @type {number} */ index) => `Colour of class ${index + 1}`,
    add: "Add class",
    restore: "Bring back",
    remove: (/** @type {string} */ name, /** @type {boolean} */ isRemoved) =>
      `${isRemoved ? "Bring back" : "Remove"} class ${name || "without a name"}`,
    save: "Save classes",
    saved: "The classes are saved.",
  },

  project: {
    volumes: "Volumes",
    none: "No image yet: drop one below.",
    classes: "Classes",
    remove: (/** @type {string} */ name) => `Remove ${name}`,
    removeAll: "Remove this project",
    confirmVolume: (/** @type {string} */ name) => `Remove the volume ${name} with its annotations and predictions? This can't be undone.`,
    confirmModel: (/** @type {string} */ name) => `Remove the model ${name} with its predictions? This can't be undone.`,
    confirmProject: (/** @type {string} */ name) => `This removes everything in the project and can't be undone. Type its name, ${name}, to go on.`,
  },

  upload: {
    title: "Upload volumes",
    drop: "Drop images here, or",
    choose: "Choose files",
    formats: "NIfTI, TIFF (OME and ImageJ too), NRRD, MetaImage or NPY, of one channel or more",
    submit: "Upload",
    name: "Volume name",
    details: "What the file can't say or says wrongly",
    spacing: "Spacing z, y, x",
    spacingExample: "2, 0.5, 0.5",
    spacingHint: "Distances between voxels; empty: what the file says",
    unit: "Unit",
    axes: "Axes of NPY or TIFF",
    fromFile: "as the file says",
    progress: (/** @type {string} */ file) => `Upload of ${file}`,
    sending: "Sending…",
    reading: "Sent. The server is reading it…",
    channels: (/** @type {number} */ count) => (count === 1 ? "1 channel" : `${count} channels`),
    understood: (/** @type {string} */ size, /** @type {number} */ channels, /** @type {string} */ dtype, /** @type {string} */ spacing) =>
      `Understood as ${size} voxels (z × y × x), ${channels === 1 ? "1 channel" : `${channels} channels`} of ${dtype}, a voxel is ${spacing}.`,
    open: "Open",
    correct: "Not right?",
    again: "Upload again with these",
  },

  view: {
    title: "View",
    panels: "Panels",
    tools: "Tools",
    onlyLooking: "Your role is to look: annotating needs the role annotator.",
    description: "slice view",
    axis: (/** @type {string} */ axis) => `View of axis ${axis}`,
    pane: (/** @type {string} */ axis) => `Axis ${axis}`,
    slice: (/** @type {string} */ axis) => `Slice on axis ${axis}`,
    sliceNumber: (/** @type {string} */ axis) => `Number of the slice on axis ${axis}`,
    position: (/** @type {number} */ index, /** @type {number} */ count) => `slice ${index} of 0 to ${count - 1}`,
    mark: (/** @type {string} */ kind, /** @type {number} */ index) => `${index}: ${kind}`,
    zoomIn: (/** @type {string} */ axis) => `Zoom in, axis ${axis}`,
    zoomOut: (/** @type {string} */ axis) => `Zoom out, axis ${axis}`,
    fit: (/** @type {string} */ axis) => `Show all, axis ${axis}`,
    enlarge: (/** @type {string} */ axis) => `Enlarge, axis ${axis}`,
    next: "Next suggestion",
    nextHint: "The slice that the model is most unsure of (N)",
    suggested: (/** @type {string} */ axis, /** @type {number} */ index, /** @type {number} */ score) =>
      `suggested: slice ${index} on axis ${axis}, uncertainty ${score.toFixed(2)}`,
    image: "Image",
    channel: (/** @type {number} */ index) => `Channel ${index}`,
    channelColor: (/** @type {number} */ index) => `Colour of channel ${index}`,
    black: (/** @type {number} */ index) => `Black of channel ${index}`,
    white: (/** @type {number} */ index) => `White of channel ${index}`,
    auto: "Auto",
    automatic: (/** @type {number} */ index) => `Automatic window of channel ${index}`,
    overlays: "Overlays",
    overlay: (/** @type {string} */ name) => ({
      annotation: "Annotation", prediction: "Prediction", uncertainty: "Uncertainty", truth: "Truth", errors: "Errors",
    })[name] ?? name,
    opacity: (/** @type {string} */ name) => `Opacity: ${name}`,
    style: (/** @type {string} */ name) => `Style: ${name}`,
    fill: "fill",
    outline: "outline",
    classes: "Classes shown",
    showClass: (/** @type {string} */ name) => `Show class ${name}`,
    status: "Status",
    values: (/** @type {string} */ values) => `gray ${values}`,
    labels: (/** @type {string|null} */ annotation, /** @type {string|null} */ prediction) =>
      [annotation && `annotated ${annotation}`, prediction && `predicted ${prediction}`].filter(Boolean).join(" · "),
    saving: (/** @type {string} */ state) => ({
      saved: "Saved", saving: "Saving…", unsaved: "Not saved yet", offline: "Offline: kept in this browser",
      conflict: "Someone else changed this slice", refused: "The server refused this: see the tools",
    })[state] ?? state,
  },

  train: {
    title: "Train",
    train: "Train",
    cancel: "Cancel training",
    budget: "How long",
    budgets: /** @type {Record<string, string>} */ ({
      quick: "A quick look (20 s)", minute: "A minute", usual: "The usual (2 minutes)", long: "Thorough (10 minutes)",
      best: "Until it stops getting better",
    }),
    from: "Start from",
    latest: "the newest model",
    scratch: "nothing",
    notAllowed: "Training needs the role trainer.",
    progress: "Progress of the job",
    nothing: "Annotate a slice first: there is nothing to learn from yet.",
    queued: "The training is queued.",
    state: (/** @type {string} */ state) => ({
      queued: "Waiting", running: "Running", succeeded: "Done", failed: "Failed", cancelled: "Cancelled",
    })[state] ?? state,
    training: (/** @type {number} */ step, /** @type {number|null} */ steps, /** @type {number|null} */ loss, /** @type {string|null} */ eta) =>
      [steps ? `Step ${step} of ${steps}` : `Step ${step}`, loss === null || loss === undefined ? "" : `loss ${loss.toFixed(3)}`, eta ? `${eta} to go` : ""]
        .filter(Boolean).join(", "),
    predicting: (/** @type {number} */ fraction, /** @type {string|undefined} */ volume) =>
      `Predicting${volume ? ` ${volume}` : ""}: ${Math.round(fraction * 100)} %`,
    ended: (/** @type {string} */ state, /** @type {string|null} */ error, /** @type {any} */ result) => ({
      succeeded: `Training done${typeof result?.heldout_iou === "number" ? `: IoU ${share(result.heldout_iou)} on slices kept out` : ""}.`,
      failed: `The training failed: ${error ?? "the server says no more"}`,
      cancelled: "The training was cancelled; what it had learned is kept as a model.",
    })[state] ?? state,
    curve: "Loss and IoU by step",
    curveNow: (/** @type {number|null} */ loss, /** @type {number|null} */ iou) =>
      `loss ${loss === null ? "–" : loss.toFixed(3)}, IoU ${share(iou)}`,
    loss: "loss",
    iou: "IoU",
  },

  report: {
    tab: "Results",
    title: "How good is it?",
    models: "Models",
    model: "Model",
    newest: "the project's",
    made: "Made",
    parent: "From",
    heldout: "IoU kept out",
    size: "Size",
    pin: "Pin",
    unpin: "Unpin",
    pinHint: "The project goes by a pinned model instead of the newest one",
    pinned: (/** @type {string} */ name) => `The project goes by ${name}.`,
    pinnedName: (/** @type {string} */ name) => `${name} (pinned)`,
    pinModel: (/** @type {string} */ name) => `Pin or unpin ${name}`,
    noModel: "No model yet. Annotate a few slices and train.",
    none: "No prediction of this volume yet.",
    nothing: "Nothing to compare with: annotate slices, or upload a truth.",
    of: (/** @type {string} */ model) => `Model ${model}`,
    parts: { heldout: "Slices kept out", truth: "Truth", training: "Slices learned from" },
    class: "Class",
    iou: "IoU",
    dice: "Dice",
    mean: "mean",
    byAxis: "IoU by axis",
    byDistance: "IoU by distance from annotated slices",
    distance: (/** @type {number} */ from, /** @type {number|null} */ to) =>
      to === null || to === undefined ? `${from} and more` : from === to ? String(from) : `${from} to ${to}`,
  },

  jobs: {
    title: "Jobs",
    none: "No jobs yet.",
    number: "No.",
    kind: "Kind",
    kinds: /** @type {Record<string, string>} */ ({
      train: "Training", predict: "Prediction", crossvalidate: "Cross-validation", slices: "IoU by slices", transfer: "Transfer",
    }),
    stateTitle: "State",
    model: "Model",
    created: "Asked for",
    outcome: "Outcome",
    left: (/** @type {string} */ time) => `${time} to go`,
    scored: (/** @type {string} */ iou, /** @type {string} */ time) => `IoU ${iou} kept out, in ${time}`,
    act: (/** @type {string} */ words, /** @type {number} */ id) => `${words}: job ${id}`,
  },

  files: {
    title: "Download",
    format: "Format",
    class: "Class of the probability",
    allClasses: "all classes",
    kinds: /** @type {Record<string, string>} */ ({
      prediction: "Download prediction", probability: "Download probability", uncertainty: "Download uncertainty",
      labels: "Download annotations", image: "Download image", truth: "Download truth",
    }),
    report: "Report as",
    reportAs: (/** @type {string} */ format) => `Download report as ${format}`,
    fetching: "Fetching…",
    saved: (/** @type {string} */ name) => `${name} is in your downloads.`,
  },

  tour: {
    title: "The tour",
    offer: "No image at hand? Try it on a made-up one: bent tubules, 40 × 96 × 96 voxels. It takes two minutes.",
    begin: "Begin the tour",
    description: "A made-up image to try things on",
    classes: [
      { name: "background", color: "#999999" }, { name: "wall", color: "#e69f00" }, { name: "inside", color: "#56b4e9" },
    ],
    steps: [
      "Turn the wheel over the large view to go through the slices.",
      "Choose a class and paint part of a slice: the bright walls, the darker inside, the background.",
      "What you leave out is unlabeled and not learned from. A slice on another axis helps a lot.",
      "Press Train with a quick look. The prediction appears by itself.",
      "Next suggestion takes you to where the model is unsure: paint there, and train again.",
    ],
  },

  keys: {
    title: "Keys",
    help: "Keys",
    page: "Page",
    look: "Look",
    annotate: "Annotate",
    mouse: "Mouse, touch and pen",
    or: "or",
    names: /** @type {Record<string, string>} */ ({
      ctrl: "Ctrl", shift: "Shift", alt: "Alt", pageup: "Page up", pagedown: "Page down", space: "Space", enter: "Enter",
      escape: "Esc", backspace: "Backspace", delete: "Del", arrowup: "↑", arrowdown: "↓", arrowleft: "←", arrowright: "→",
    }),
    pointer: [
      ["Wheel", "the next slice"], ["Alt + wheel", "ten slices on"], ["Ctrl + wheel", "zoom at the pointer"],
      ["Shift + wheel", "brush size"], ["Drag", "paint with the chosen tool"], ["Right drag", "erase"],
      ["Middle drag, Space + drag", "move the picture"], ["Shift + move", "the other views follow the pointer"],
      ["Two fingers", "move and zoom"],
    ],
    before: "slice before",
    after: "next slice",
    before10: "ten slices back",
    after10: "ten slices on",
    zoomIn: "zoom in",
    zoomOut: "zoom out",
    fit: "show all of the slice",
    enlarge: (/** @type {string} */ axis) => `axis ${axis} in the large view`,
    overlays: "overlays off and on",
    fainter: "overlays fainter",
    stronger: "overlays stronger",
    next: "next suggestion",
    train: "train",
    cursor: (/** @type {number} */ step) => `arrows: move the cursor by ${step === 1 ? "a voxel" : `${step} voxels`}`,
  },
};
