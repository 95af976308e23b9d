const key = "slicewise-token";
const roles = ["viewer", "annotator", "trainer", "admin"];

/** @typedef {{token: string|null, role: string, projects: string[]|null}} Identity Who the server takes the page for. */

/**
 * The token that was entered, and what it may do.
 *
 * It is kept for this tab alone, where no other site can read it, and goes when the tab is closed.
 */
export class Session {
  constructor() {
    /** @type {Identity|null} */
    this.identity = null;
    /** @type {string|null} */
    this.token = null;
    try {
      this.token = sessionStorage.getItem(key);
    } catch {
      // Storage is turned off: the token lives as long as the page.
    }
  }

  /** @param {string|null} token */
  keep(token) {
    this.token = token;
    this.identity = null;
    try {
      if (token) sessionStorage.setItem(key, token);
      else sessionStorage.removeItem(key);
    } catch {
      // As above.
    }
  }

  /**
   * Whether the token has a role, or one above it.
   * @param {"viewer"|"annotator"|"trainer"|"admin"} role
   */
  may(role) {
    const own = this.identity?.role ?? "viewer";
    return roles.indexOf(own) >= roles.indexOf(role);
  }

  /** Making projects needs an admin for all of them. */
  get mayMakeProjects() {
    return this.may("admin") && !this.identity?.projects;
  }
}
