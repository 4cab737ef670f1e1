// Makes the reader: what runs in a worker's browser and opens what was shared. The same sources and the same locked dependencies give the same octets.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { build, stop } from 'esbuild-wasm';

const [OUT = 'dist/reader'] = process.argv.slice(2);
const FILES = ['index.html', 'reader.css', 'reader.js'];
const BROWSER = { crypto: 'apps/reader/browser/crypto.ts', buffer: 'node_modules/buffer/index.js' };

/** Node's modules become the few functions of a browser's that do the same. */
const browsers = {
  name: 'browsers',
  setup(bundle) {
    bundle.onResolve({ filter: /^(node:)?[a-z_/]+$/ }, ({ path }) => {
      const name = path.replace(/^node:/, '');
      if (!path.startsWith('node:') && !builtinModules.includes(name)) return undefined;
      return { path: `${process.cwd()}/${BROWSER[name] ?? 'apps/reader/browser/absent.ts'}` };
    });
    bundle.onResolve({ filter: /\/inflating$/ }, () => ({ path: `${process.cwd()}/dist/libs/envelope/keys/inflating-in-browsers.js` }));
  },
};

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
await build({
  entryPoints: ['apps/reader/main.ts'], outfile: `${OUT}/reader.js`, bundle: true, format: 'esm', platform: 'browser', target: 'es2022', minify: true, legalComments: 'eof', charset: 'utf8',
  mainFields: ['browser', 'module', 'main'], conditions: ['browser'], define: { global: 'globalThis', 'process.env.NODE_ENV': '"production"' }, inject: ['apps/reader/browser/globals.ts'], plugins: [browsers], logLevel: 'warning',
  // What is compiled already: decorators need the compiler's own metadata.
  tsconfigRaw: {},
});
for (const file of FILES.slice(0, 2)) copyFileSync(`apps/reader/${file}`, `${OUT}/${file}`);
const digests = Object.fromEntries(FILES.map((file) => [file, createHash('sha256').update(readFileSync(`${OUT}/${file}`)).digest('hex')]));
writeFileSync(`${OUT}/reader.json`, `${JSON.stringify({ format: 'waybill-reader/1', files: digests }, undefined, 2)}\n`);
await stop();
