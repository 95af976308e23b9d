/** A made-up image for the first visit: bent tubules with a wall, some noise, and what is right of each voxel. */
export class Phantom {
  /** @param {number} [seed] */
  constructor(seed = 7) {
    this.seed = seed;
    this.shape = { z: 40, y: 96, x: 96 };
    const { z, y, x } = this.shape;
    this.image = new Uint8Array(z * y * x);
    this.labels = new Uint8Array(z * y * x);
    this.draw();
  }

  /** Uniform from 0 to 1; the generator is Mulberry32. */
  random() {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let value = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  }

  draw() {
    const { z, y, x } = this.shape;
    const between = (/** @type {number} */ low, /** @type {number} */ high) => low + (high - low) * this.random();
    const tubes = Array.from({ length: 15 }, () => ({
      y: between(4, y - 4), x: between(4, x - 4), bend: between(6, 16), turn: between(0.05, 0.14), phase: between(0, 6.3),
      slope: between(-0.5, 0.5), radius: between(7, 11),
    }));
    let place = 0;
    for (let slice = 0; slice < z; slice++) {
      for (let row = 0; row < y; row++) {
        for (let column = 0; column < x; column++, place++) {
          let nearest = 9;
          for (const tube of tubes) {
            const angle = slice * tube.turn + tube.phase;
            const down = row - tube.y - tube.bend * Math.sin(angle) - tube.slope * slice;
            const across = column - tube.x - tube.bend * Math.cos(angle);
            nearest = Math.min(nearest, Math.hypot(down, across) - tube.radius);
          }
          const label = nearest > 0 ? 0 : nearest > -3.2 ? 1 : 2;
          const noise = (this.random() + this.random() + this.random() - 1.5) * 46;
          this.labels[place] = label;
          this.image[place] = Math.min(255, Math.max(0, [78, 176, 110][label] + noise));
        }
      }
    }
  }

  /**
   * The bytes as an NPY file, z, y, x.
   * @param {Uint8Array} values
   */
  npy(values) {
    const { z, y, x } = this.shape;
    const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${z}, ${y}, ${x}), }`;
    const length = Math.ceil((10 + text.length + 1) / 64) * 64;
    const head = new TextEncoder().encode(`${text.padEnd(length - 11)}\n`);
    const file = new Uint8Array(length + values.length);
    file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (length - 10) & 255, (length - 10) >> 8]);
    file.set(head, 10);
    file.set(values, length);
    return file;
  }
}
