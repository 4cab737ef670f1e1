/** A table as GitHub and every editor show it. A cell is one line; a bar in it would end it. */
export function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.map((cell) => cell.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
}

export const code = (text: string): string => `\`${text}\``;

/** Sections of a document, one blank line apart, one line feed at its end. */
export const document = (...sections: readonly string[]): string => `${sections.join('\n\n')}\n`;
