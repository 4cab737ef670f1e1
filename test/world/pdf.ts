/** A document of one page that says some words, with a title that says them too, and a picture. */
export function pdfOf(words: string, { picture = Buffer.alloc(300, 7) }: { picture?: Buffer } = {}): Buffer {
  const stream = (dictionary: string, octets: Buffer): Buffer => Buffer.concat([Buffer.from(`<< ${dictionary} /Length ${octets.length} >>\nstream\n`), octets, Buffer.from('\nendstream')]);
  const objects = [
    Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'), Buffer.from('<< /Type /Pages /Kids [3 0 R] /Count 1 >>'),
    Buffer.from('<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /XObject << /Im0 7 0 R >> >> >>'),
    stream('', Buffer.from(`BT /F1 12 Tf 20 100 Td (${words}) Tj ET`)), Buffer.from('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'), Buffer.from(`<< /Title (${words}) >>`),
    stream('/Type /XObject /Subtype /Image /Width 10 /Height 10 /ColorSpace /DeviceRGB /BitsPerComponent 8', picture),
  ];
  const places: number[] = [];
  let all = Buffer.from('%PDF-1.4\n');
  for (const [i, octets] of objects.entries()) {
    places.push(all.length);
    all = Buffer.concat([all, Buffer.from(`${i + 1} 0 obj\n`), octets, Buffer.from('\nendobj\n')]);
  }
  const table = ['0000000000 65535 f ', ...places.map((place) => `${String(place).padStart(10, '0')} 00000 n `)].map((line) => `${line}\n`).join('');
  return Buffer.concat([all, Buffer.from(`xref\n0 ${objects.length + 1}\n${table}trailer << /Size ${objects.length + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n${all.length}\n%%EOF\n`)]);
}
