import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Forces the names in a folder to disk: a new or renamed file is there for good only then. */
export async function syncDirectory(directory: string): Promise<void> {
  const folder = await open(directory, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Puts a whole file in its place in one step: whoever looks finds the old one, none or the new one. */
export async function writeWholeFile(path: string, content: Uint8Array): Promise<void> {
  const draft = `${path}.draft`
  const file = await open(draft, 'w')
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
  await syncDirectory(dirname(path))
}
