/** An error as the venue's REST interface answers it. https://developers.binance.com/docs/binance-spot-api-docs/errors */
export class RestError extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }

  get body(): string {
    return JSON.stringify({ code: this.code, msg: this.message });
  }
}

export function missingParameter(name: string): RestError {
  return new RestError(
    400,
    -1102,
    `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`,
  );
}

export function illegalCharacters(name: string, legal: string): RestError {
  return new RestError(
    400,
    -1100,
    `Illegal characters found in parameter '${name}'; legal range is '${legal}'.`,
  );
}

export function invalidSymbol(): RestError {
  return new RestError(400, -1121, 'Invalid symbol.');
}

export function badCombination(): RestError {
  return new RestError(400, -1128, 'Combination of optional parameters invalid.');
}
