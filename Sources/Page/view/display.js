/** @typedef {{low: number, high: number, color: string, isShown: boolean}} ChannelDisplay Gray values shown black and in full colour. */
/** @typedef {{isShown: boolean, opacity: number, isOutlined: boolean}} OverlayDisplay */
/** @typedef {import("./slice-view.js").LayerName} LayerName */

/** Colours that people who confuse red and green tell apart, after Okabe and Ito. */
const mixed = ["#ff5a36", "#3ddc5b", "#4f8dff", "#e0e0e0", "#ffb000", "#00d5ff", "#ff4fd8", "#b4ff3d"];

/** Most images of three channels are pictures in colours. */
const primary = ["#ff0000", "#00ff00", "#0000ff"];

/**
 * The colours in which channels are seen at first: those that their file gives them, where these tell channels apart.
 * @param {{color?: string}[]} channels
 */
export function firstColors(channels) {
  const count = channels.length, own = count === 1 ? ["#ffffff"] : count === 3 ? primary : mixed;
  // Nothing is seen of a channel in black.
  const given = channels.map(({ color }) => (color && color !== "#000000" ? color : null));
  // Programs that know no colours write white for every channel.
  const isTelling = count === 1 || new Set(given).size > 1;
  return given.map((color, index) => (isTelling && color) || own[index % own.length]);
}

/**
 * How a volume is shown: each channel's window and colour, and what is laid over it.
 *
 * Dispatches `imagechange` and `overlaychange`.
 */
export class Display extends EventTarget {
  /** @param {{channels: {low: number, high: number, minimum: number, maximum: number, color?: string}[]}} volume */
  constructor(volume) {
    super();
    const count = volume.channels.length, colors = firstColors(volume.channels);
    /** @type {ChannelDisplay[]} */
    this.channels = volume.channels.map((channel, index) => ({
      low: channel.low,
      high: channel.high > channel.low ? channel.high : channel.low + 1,
      color: colors[index],
      isShown: index < (count <= 4 ? count : 1),
    }));
    /** @type {Record<string, OverlayDisplay>} */
    this.overlays = {
      annotation: { isShown: true, opacity: 0.45, isOutlined: false },
      crossing: { isShown: true, opacity: 0.3, isOutlined: false },
      prediction: { isShown: true, opacity: 0.35, isOutlined: false },
      uncertainty: { isShown: false, opacity: 0.6, isOutlined: false },
      truth: { isShown: false, opacity: 0.8, isOutlined: true },
      errors: { isShown: false, opacity: 0.7, isOutlined: false },
    };
    /**
     * Classes that are not drawn.
     * @type {Set<number>}
     */
    this.hidden = new Set();
  }

  /**
   * @param {number} index
   * @param {Partial<ChannelDisplay>} change
   */
  setChannel(index, change) {
    Object.assign(this.channels[index], change);
    this.dispatchEvent(new CustomEvent("imagechange"));
  }

  /**
   * @param {string} name
   * @param {Partial<OverlayDisplay>} change
   */
  setOverlay(name, change) {
    Object.assign(this.overlays[name], change);
    this.dispatchEvent(new CustomEvent("overlaychange", { detail: name }));
  }

  /**
   * @param {number} label
   * @param {boolean} isShown
   */
  setClass(label, isShown) {
    if (isShown) this.hidden.delete(label);
    else this.hidden.add(label);
    this.dispatchEvent(new CustomEvent("overlaychange", { detail: null }));
  }

  /** All overlays off, or those that were on before. */
  toggleOverlays() {
    const on = Object.entries(this.overlays).filter(([, overlay]) => overlay.isShown).map(([name]) => name);
    for (const name of on.length > 0 ? on : this.before) this.overlays[name].isShown = on.length === 0;
    if (on.length > 0) this.before = on;
    this.dispatchEvent(new CustomEvent("overlaychange", { detail: null }));
  }

  before = ["annotation", "crossing", "prediction"];

  /** @param {number} change */
  changeOpacity(change) {
    for (const overlay of Object.values(this.overlays)) {
      if (overlay.isShown) overlay.opacity = Math.min(1, Math.max(0.05, overlay.opacity + change));
    }
    this.dispatchEvent(new CustomEvent("overlaychange", { detail: null }));
  }

  /** Channels that are shown. */
  get shown() {
    return this.channels.map((_, index) => index).filter((index) => this.channels[index].isShown);
  }
}
