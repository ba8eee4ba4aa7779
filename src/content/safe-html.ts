/** Markup that may be printed as it is. Only this folder can make one; `toString()` and JSON give the markup. */
class SafeHtml {
  readonly #html: string;

  constructor(html: string) {
    this.#html = html;
    Object.freeze(this);
  }

  toString(): string {
    return this.#html;
  }

  toJSON(): string {
    return this.#html;
  }

  static is(value: unknown): value is SafeHtml {
    return typeof value === 'object' && value !== null && #html in value;
  }
}

export type { SafeHtml };

/** Whether a value was made here, and so may be printed without escaping. A look-alike is not one. */
export function isSafeHtml(value: unknown): value is SafeHtml {
  return SafeHtml.is(value);
}

/** For the files of this folder only, after sanitising or escaping. Everybody else calls those. */
export function makeSafeHtml(html: string): SafeHtml {
  return new SafeHtml(html);
}

/**
 * Takes markup back that this folder had sanitised before it was stored in a column of our own.
 * Never for anything that came from a request, another server, a file or a plugin: sanitise that.
 */
export function trustStoredHtml(html: string): SafeHtml {
  return new SafeHtml(html);
}

/**
 * Takes what the view engine printed, which escapes all that is not SafeHtml already.
 * Only the one place that renders views calls this.
 */
export function trustRenderedView(html: string): SafeHtml {
  return new SafeHtml(html);
}
