import { readdir } from 'node:fs/promises';
import { unknownName } from '../errors/choice.ts';

/** A folder of modules as a registry: the file's name is the entry's name, its default export the entry. */
export class FolderRegistry<Entry extends { readonly name: string }> {
  readonly #kind: string;
  readonly #folder: URL;

  /** @param kind what an entry is called in messages, e.g. "model" */
  constructor(kind: string, folder: URL) {
    this.#kind = kind;
    this.#folder = folder;
  }

  async names(): Promise<string[]> {
    const files = await readdir(this.#folder);
    return files
      .filter((file) => /\.[jt]s$/.test(file) && !/\.(d|test)\.ts$/.test(file))
      .map((file) => file.slice(0, -3))
      .toSorted();
  }

  /** @throws SockbenchError E_UNKNOWN_NAME */
  async load(name: string): Promise<Entry> {
    const names = await this.names();
    if (!names.includes(name)) throw unknownName(this.#kind, name, names);
    const extension = import.meta.url.slice(-3);
    const module = (await import(new URL(name + extension, this.#folder).href)) as { default: Entry };
    return module.default;
  }

  async all(): Promise<Entry[]> {
    return Promise.all((await this.names()).map((name) => this.load(name)));
  }
}
