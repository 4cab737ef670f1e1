import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Bill {
  components: { 'bom-ref': string; purl: string }[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

/**
 * `npm run sbom [-- file]`: what a release is made of, as CycloneDX, from the lock alone. It bears a time and a number of its own, so it is
 * made at each release and not committed. npm is asked for everything, and what only development needs is taken out here: asked to omit
 * it, npm leaves out packages that a release and its development share.
 */
function main(file: string): void {
  const bill = JSON.parse(execFileSync('npm', ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })) as Bill;
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, { version: string; dev?: boolean }> };
  const released = new Set(Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev).map(([path, { version }]) => `pkg:npm/${path.slice(path.lastIndexOf('node_modules/') + 13).replace('@', '%40')}@${version}`));
  const components = bill.components.filter(({ purl }) => released.has(purl));
  const left = new Set(bill.components.filter(({ purl }) => !released.has(purl)).map((component) => component['bom-ref']));
  const dependencies = bill.dependencies.filter(({ ref }) => !left.has(ref)).map(({ dependsOn, ...each }) => ({ ...each, ...(dependsOn ? { dependsOn: dependsOn.filter((ref) => !left.has(ref)) } : {}) }));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...bill, components, dependencies }, null, 2)}\n`);
  console.log(`${file}: ${components.length} components`);
}

main(process.argv[2] ?? join('dist', 'sbom.cdx.json'));
