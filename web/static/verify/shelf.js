// What the phone keeps: the root key, and the texts of directory and status list as they were
// signed. They are believed anew each time they are taken out. Where nothing can be kept (a
// private window), they last as long as the page.

const NAME = "suyuan-verify";
const memory = new Map();

const opened = new Promise((resolve) => {
  try {
    const asking = indexedDB.open(NAME, 1);
    asking.onupgradeneeded = () => asking.result.createObjectStore("kept");
    asking.onsuccess = () => resolve(asking.result);
    asking.onerror = asking.onblocked = () => resolve(null);
  } catch {
    resolve(null);
  }
});

async function within(mode, work) {
  const database = await opened;
  if (!database) return work(null);
  return new Promise((resolve, reject) => {
    const doing = database.transaction("kept", mode);
    let answer;
    work(doing.objectStore("kept"), (value) => (answer = value));
    doing.oncomplete = () => resolve(answer);
    doing.onerror = doing.onabort = () => reject(doing.error);
  });
}

/** Whether what is put here outlives the page. */
export const lasts = async () => (await opened) !== null;

export async function take(name) {
  return within("readonly", (store, give) => {
    if (!store) return memory.get(name);
    const asked = store.get(name);
    asked.onsuccess = () => give(asked.result);
  });
}

/** Put `value` unless what lies there has a higher number `seq`: another tab was faster. */
export async function put(name, value) {
  return within("readwrite", (store) => {
    if (!store) return memory.set(name, value);
    const asked = store.get(name);
    asked.onsuccess = () => {
      if (!(asked.result?.seq > value.seq)) store.put(value, name);
    };
  });
}

export async function drop(name) {
  memory.delete(name);
  return within("readwrite", (store) => store?.delete(name));
}

export async function clear() {
  memory.clear();
  return within("readwrite", (store) => store?.clear());
}
