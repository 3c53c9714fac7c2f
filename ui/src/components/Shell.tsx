/** The frame around every page. */
import type { ComponentChildren } from "preact";
import { useLocation } from "preact-iso";
import { useEffect, useRef } from "preact/hooks";
import { useApp } from "../app_context.ts";
import { ContactBanner } from "./ContactBanner.tsx";
import { KeyboardMap } from "./KeyboardMap.tsx";
import { ThemeButton } from "./ThemeButton.tsx";
import { useShortcuts } from "./use_shortcuts.ts";

const PLACES = [
  { href: "/", name: "Workshops", key: "h" },
  { href: "/submissions", name: "Submissions", key: "s" },
] as const;

export function Shell({ children }: { children: ComponentChildren }) {
  const { theme, shortcuts } = useApp();
  const { route } = useLocation();
  const help = useRef<HTMLDialogElement>(null);

  useShortcuts([
    { key: "?", does: "Show this map", run: () => help.current?.showModal() },
    ...PLACES.map(({ key, name, href }) => ({
      key,
      does: `Go to ${name}`,
      run: () => route(href),
    })),
    { key: "d", does: "Change between light and dark", run: theme.next },
  ], [route]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      if (shortcuts.press(event.key)) event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  return (
    <>
      <a href="#main" class="skip-link">Skip to the content</a>
      <Header onHelp={() => help.current?.showModal()} />
      <ContactBanner />
      <main
        id="main"
        tabIndex={-1}
        class="mx-auto w-full max-w-7xl px-4 pt-6 pb-24 outline-none sm:px-6"
      >
        {children}
      </main>
      <KeyboardMap dialog={help} />
    </>
  );
}

function Header({ onHelp }: { onHelp: () => void }) {
  const { path } = useLocation();
  return (
    <header class="border-b border-rule bg-sheet">
      <div class="mx-auto flex max-w-7xl flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2 sm:px-6">
        <a
          href="/"
          class="flex items-center gap-2 font-sign text-xl font-bold tracking-wide no-underline"
        >
          <img src="/icon.svg" alt="" class="size-6" />
          <span class="max-sm:sr-only">Trestle</span>
        </a>
        <nav aria-label="Main" class="flex gap-x-4">
          {PLACES.map(({ href, name }) => (
            <a
              key={href}
              href={href}
              aria-current={isWithin(path, href) ? "page" : undefined}
              class="nav-link"
            >
              {name}
            </a>
          ))}
        </nav>
        <div class="ml-auto flex items-center gap-2">
          <ThemeButton />
          <button
            type="button"
            class="icon-button"
            aria-label="Keyboard map"
            onClick={onHelp}
          >
            ?
          </button>
        </div>
      </div>
    </header>
  );
}

function isWithin(path: string, place: string): boolean {
  if (place === "/") return path === "/" || path.startsWith("/workshops");
  return path.startsWith(place);
}

function isTyping({ target, metaKey, ctrlKey, altKey }: KeyboardEvent) {
  return metaKey || ctrlKey || altKey ||
    (target instanceof Element && target.closest("input, textarea, dialog"));
}
