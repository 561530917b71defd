/** Allows the non-null assertion `x!` only with a comment on its line, or the line above, that says why it holds. */

/** @type {import('eslint').Rule.RuleModule} */
export const nonNullReason = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      missing: 'Say in a comment beside it why this cannot be null or undefined, or check that it is not.',
    },
  },
  create: ({ sourceCode, report }) => {
    const explained = new Set(
      sourceCode.getAllComments().flatMap(({ loc }) => [loc.start.line, loc.end.line, loc.end.line + 1]),
    );
    return {
      TSNonNullExpression: (node) => {
        if (!explained.has(node.loc.end.line)) report({ node, messageId: 'missing' });
      },
    };
  },
};
