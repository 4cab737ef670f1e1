/** A page of A4 in points, and how much of it text takes. */
const PAGE = { width: 595, height: 842, margin: 50, size: 9, leading: 12 } as const;
const PER_LINE = 96;
const PER_PAGE = Math.floor((PAGE.height - 2 * PAGE.margin) / PAGE.leading);

/**
 * Lines of text as a PDF (ISO 32000-1) in Courier, which every reader has: nothing is embedded, nothing runs, nothing is fetched. What is not ASCII is shown
 * as a question mark: summaries are codes, ids and instants.
 */
export function textAsPdf(lines: readonly string[]): Uint8Array {
  const wrapped = lines.flatMap(folded);
  const pages = Array.from({ length: Math.max(1, Math.ceil(wrapped.length / PER_PAGE)) }, (_, i) => wrapped.slice(i * PER_PAGE, (i + 1) * PER_PAGE));
  const pageId = (i: number): number => 4 + 2 * i;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, i) => `${pageId(i)} 0 R`).join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>',
    ...pages.flatMap((page, i) => {
      const text = `BT /F1 ${PAGE.size} Tf ${PAGE.leading} TL ${PAGE.margin} ${PAGE.height - PAGE.margin} Td\n${page.map((line) => `(${escaped(line)}) Tj T*`).join('\n')}\nET`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${PAGE.width} ${PAGE.height}] /Resources << /Font << /F1 3 0 R >> >> /Contents ${pageId(i) + 1} 0 R >>`,
        `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
      ];
    }),
  ];
  let text = '%PDF-1.4\n';
  const places = objects.map((object, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const start = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

function folded(line: string): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < Math.max(1, line.length); from += PER_LINE) pieces.push(line.slice(from, from + PER_LINE));
  return pieces;
}

/** A literal string: its own marks stand behind a backslash, and nothing but printable ASCII goes in. */
const escaped = (text: string): string => [...text].map((each) => (each === '(' || each === ')' || each === '\\' ? `\\${each}` : each >= ' ' && each <= '~' ? each : '?')).join('');
