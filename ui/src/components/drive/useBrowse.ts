import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type DriveItem, type DrivePlace, useApi } from "../../api";
import { keys } from "../queryKeys";

type Folder = { id: string; name: string; drive: string | null };

/** Where the person looks in Google Drive, and what is there. */
export function useBrowse(account: string | null) {
  const api = useApi();
  const [place, setPlace] = useState<DrivePlace>("my_drive");
  const [path, setPath] = useState<Folder[]>([]);
  const [search, setSearch] = useState("");
  const folder = path.at(-1) ?? null;
  const query = { place, folder: folder?.id ?? null, drive: folder?.drive ?? null, search: search || null };
  const pages = useInfiniteQuery({
    queryKey: [...keys.driveItems, account, query],
    queryFn: ({ pageParam }) =>
      api.driveList({ ...query, account: account ?? "", page: pageParam }, crypto.randomUUID()),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    enabled: account !== null,
    refetchOnMount: "always",
    retry: false,
  });
  const go = (to: DrivePlace) => {
    setPlace(to);
    setPath([]);
    setSearch("");
  };
  const enter = (item: DriveItem) => {
    setPath([...path, { id: item.id, name: item.name, drive: item.drive }]);
    setSearch("");
  };
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const incomplete = pages.data?.pages.some((page) => page.incomplete) ?? false;
  const upTo = (depth: number) => setPath(path.slice(0, depth));
  return { place, path, search, items, incomplete, pages, go, enter, upTo, setSearch };
}

export type Browse = ReturnType<typeof useBrowse>;
