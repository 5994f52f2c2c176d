extension StoredBundles {
  /// Which generations the connections of a configuration have; nothing of those that have none.
  ///
  /// - Parameter configuration: Where the connections are.
  public func uses(in configuration: Configuration) -> [String: KeyGenerations] {
    let names = Set(configuration.connections.filter { $0.keys == .generated }.map(\.name))
    return uses.filter { names.contains($0.key) }
  }

  /// What somebody should know who leaves generations in use as they are.
  ///
  /// - Parameters:
  ///   - uses: Which are in use.
  ///   - namespace: The named network namespace that it is about, so that advice is, too.
  public func remarks(
    on uses: [String: KeyGenerations], in namespace: String? = nil
  ) -> [String] {
    let option = namespace.map { " -n \($0)" } ?? ""
    let remarks = uses.sorted { $0.key < $1.key }.compactMap { connection, use -> String? in
      if let next = use.phase?.next {
        return "\(connection) is on its way from one generation of keys to the next (\(use)), and "
          + "stays where it is: `xfrmctl rotate \(connection) --phase \(next.rawValue)\(option)` "
          + "goes on"
      }
      guard let newest = newest(of: connection), newest > use.current else { return nil }
      return "\(connection) has newer keys, #\(newest), that are not in use: `xfrmctl rotate "
        + "\(connection)\(option)` goes on to them"
    }
    guard remarks.count > 8 else { return remarks }
    return remarks.prefix(8) + ["\(remarks.count - 8) more connections have newer keys"]
  }
}
