'use client';
// Owns the stream of requests as they end: connected while the page is looked at, going on where it was after every
// interruption, and saying so meanwhile.
import { API_PREFIX, type RequestNews } from '@crs/shared';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { serverNow } from '@/lib/server-clock';
import { sessionQueryKey } from '@/lib/session';
import { addNews, type LiveRows, noLiveRows, showWaiting } from './live-rows';

type LiveStatus = 'off' | 'connecting' | 'open' | 'reconnecting';

export interface Live {
  readonly status: LiveStatus;
  readonly rows: LiveRows;
  showWaiting: () => void;
  /** Forgets what has come: the list was read anew. */
  reset: () => void;
}

const RETRY_MS = 3000;
const HEAD_START_MS = 5000;
/** The gateway says something every 15 s. */
const SILENT_MS = 40_000;
/** A list of hundreds of rows is drawn no more often. */
const DRAW_EVERY_MS = 1000;
/** Further down than this the reader is not at the top. */
const TOP_PX = 160;

/** `query`: filters as an address has them; null where the list cannot go on. What came stays while it is paused. */
export function useLiveRequests(query: string | null, isPaused: boolean): Live {
  const queryClient = useQueryClient();
  const [status, setStatus] = useState<LiveStatus>('off');
  const isVisible = usePageVisible();
  const [list, setList] = useState({ query, lastEventId: '', rows: noLiveRows });
  const changeRows = useCallback(
    (change: (rows: LiveRows) => LiveRows) =>
      setList((present) => ({ ...present, rows: change(present.rows) })),
    [],
  );

  // Other filters are another list; what the stream before may still say does not belong to it.
  if (list.query !== query) setList({ query, lastEventId: '', rows: noLiveRows });

  useEffect(() => {
    if (query === null || isPaused || !isVisible) {
      setStatus('off');
      return undefined;
    }
    // What ends while the first rows of the list are read comes as well; a row that is there twice stands once.
    let lastEventId =
      list.lastEventId === '' ? `${Math.round(serverNow()) - HEAD_START_MS}-0` : list.lastEventId;
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gathered: RequestNews[] = [];
    let drawTimer: ReturnType<typeof setTimeout> | undefined;
    let drawnAtMs = 0;
    setStatus('connecting');

    const again = (afterMs: number) => {
      source?.close();
      setStatus('reconnecting');
      clearTimeout(timer);
      timer = setTimeout(connect, afterMs);
    };
    const heard = (event: MessageEvent) => {
      if (event.lastEventId !== '') lastEventId = event.lastEventId;
      setStatus('open');
      clearTimeout(timer);
      timer = setTimeout(() => again(0), SILENT_MS);
    };
    function draw() {
      drawTimer = undefined;
      drawnAtMs = Date.now();
      const news = gathered;
      gathered = [];
      const isAway = window.scrollY > TOP_PX;
      setList((present) =>
        present.query === query
          ? { ...present, rows: news.reduce((rows, one) => addNews(rows, one, isAway), present.rows) }
          : present,
      );
    }
    function connect() {
      const search = new URLSearchParams(query ?? '');
      search.set('lastEventId', lastEventId);
      source = new EventSource(`${API_PREFIX}/requests/live?${search}`);
      source.addEventListener('ready', heard);
      source.addEventListener('ping', heard);
      source.addEventListener('requests', (event: MessageEvent<string>) => {
        heard(event);
        gathered.push(JSON.parse(event.data) as RequestNews);
        drawTimer ??= setTimeout(draw, Math.max(0, drawnAtMs + DRAW_EVERY_MS - Date.now()));
      });
      source.addEventListener('end', () => {
        // Whether the session has ended is asked; without one the console leads to the sign-in by itself.
        void queryClient.invalidateQueries({ queryKey: sessionQueryKey });
        again(RETRY_MS);
      });
      source.addEventListener('error', () => {
        if (source?.readyState === EventSource.CLOSED)
          void queryClient.invalidateQueries({ queryKey: sessionQueryKey });
        again(RETRY_MS);
      });
    }
    connect();
    return () => {
      clearTimeout(timer);
      clearTimeout(drawTimer);
      source?.close();
      if (gathered.length > 0) draw();
      setList((present) => (present.query === query ? { ...present, lastEventId } : present));
    };
    // Where this stream begins is read once; later it is this effect's own.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [query, isPaused, isVisible, queryClient]);

  // Back at the top what waits is read with the rest.
  const hasWaiting = list.rows.waiting.length > 0;
  useEffect(() => {
    if (!hasWaiting) return undefined;
    const onScroll = () => {
      if (window.scrollY <= TOP_PX) changeRows(showWaiting);
    };
    window.addEventListener('scroll', onScroll, { passive: true });
    return () => window.removeEventListener('scroll', onScroll);
  }, [hasWaiting, changeRows]);

  return {
    status,
    rows: list.rows,
    showWaiting: useCallback(() => changeRows(showWaiting), [changeRows]),
    reset: useCallback(() => changeRows(() => noLiveRows), [changeRows]),
  };
}

function usePageVisible(): boolean {
  const [isVisible, setVisible] = useState(true);
  useEffect(() => {
    const look = () => setVisible(document.visibilityState === 'visible');
    look();
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return isVisible;
}
