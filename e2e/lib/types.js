/**
 * The words that the scripts of this folder share. Types only.
 *
 * @typedef {"chromium" | "firefox"} BrowserName
 * @typedef {"light" | "dark"} Scheme
 *
 * @typedef {object} Options
 * @property {BrowserName} browser
 * @property {string} extension   folder of the unpacked extension
 * @property {string} out         folder for screenshots
 * @property {boolean} headed
 * @property {string[]} args      further command-line arguments of the browser
 * @property {Record<string, unknown>} prefs
 * @property {string} proxy       "socks5://host:port", "http://host:port" or ""
 * @property {Grant[]} grants
 *
 * @typedef {{origin: string, permission: string}} Grant
 *
 * @typedef {object} View  a document of the extension that scripts can be run in
 * @property {<A extends any[], R>(fn: (...args: A) => R, ...args: A) => Promise<Awaited<R>>} run
 *   runs a self-contained function there; arguments and result must survive JSON
 * @property {(file: string, scheme: Scheme) => Promise<void>} shoot
 *   the whole document, two pixels for each CSS pixel; the view may be gone afterwards
 * @property {() => Promise<void>} close
 *
 * @typedef {Pick<View, "run" | "close"> & {crashed?: () => boolean}} WebPage  crashed: its tab died; where the browser tells
 *
 * @typedef {View & {clicked: number}} Popup  clicked: milliseconds since the epoch
 *
 * @typedef {object} Session  a running browser with the extension installed
 * @property {BrowserName} browser
 * @property {string} version
 * @property {(how?: {alone?: boolean}) => Promise<Popup>} click  opens the popup as a click on the toolbar does; alone:
 *   and lets go of it until it is painted, where holding it would take it time
 * @property {() => Promise<void>} closePopup     whatever is open; nothing if nothing is
 * @property {(path: string) => Promise<View>} open    opens a page of the extension in a tab
 * @property {<A extends any[], R>(fn: (...args: A) => R, ...args: A) => Promise<Awaited<R> | null>} askBackground
 *   runs a function in the service worker or background page; null while it sleeps
 * @property {() => Promise<void>} forgetPages     empties the browser's cache where the extension makes use of it
 * @property {() => Promise<void>} stopBackground  as the browser does when it wants the memory
 * @property {(url: string) => Promise<WebPage>} visit  opens a website in a tab, which is the user's from then on
 * @property {(url: string) => Promise<void>} openAlone  opens a website in a tab that the driver lets alone, where it can
 * @property {(folder: string) => Promise<() => Promise<void>>} install  one more extension; the result takes it away again
 * @property {() => Promise<Session>} restart   kills the browser and starts it again with the same profile
 * @property {() => Promise<void>} close
 * @property {Promise<void>} gone                  the browser has ended, for whatever reason
 *
 * @typedef {object} Network
 * @property {string} prefix
 * @property {number} asn
 * @property {string} org
 * @property {string} country
 * @property {string} kind
 *
 * @typedef {object} Verdict
 * @property {"leak" | "clear" | "unknown"} outcome
 * @property {boolean} final
 * @property {{id: string, level: string, certainty: string}[]} findings
 * @property {{id: string, outcome: string}[]} rows
 *
 * @typedef {object} Check  what the extension keeps in storage.session
 * @property {string} id
 * @property {number} startedAt
 * @property {number} [finishedAt] once it is done
 * @property {string} phase
 * @property {Record<string, any>} evidence
 * @property {Verdict | null} verdict
 */
export {};
