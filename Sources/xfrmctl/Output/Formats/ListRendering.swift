import XFRMKit

/// A list in a form for machines, in chunks that need not all be in memory at once.
struct ListRendering {
  enum Form {
    case json
    case tsv
  }

  var form: Form
  /// Dotted names; empty for everything.
  var fields: [String] = []
  var keys: KeyDisplay

  /// Bytes after which a chunk is given away.
  private static let chunkBytes = 1 << 16

  /// - Throws: What `emit` throws.
  func write<T: Listed>(
    _ entries: [T], to emit: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    switch form {
    case .json: try writeJSON(entries, to: emit)
    case .tsv: try writeTSV(entries, to: emit)
    }
  }

  /// An entry a line, so that tools that know lines only can do something with it.
  private func writeJSON<T: Listed>(
    _ entries: [T], to emit: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var header = JSONWriter(keys: keys)
    header.write(Header<T>())
    var bytes = header.take()
    // The list is the last member of the object that the header has begun.
    bytes.removeLast()
    bytes.append(text: ",\"")
    bytes.append(text: T.listName)
    bytes.append(text: "\":[\n")
    try emit(bytes)

    var writer = JSONWriter(
      keys: keys, selection: fields.isEmpty ? nil : FieldTree.selection(of: fields))
    for (index, entry) in entries.enumerated() {
      if index > 0 { writer.write(punctuation: ",\n") }
      writer.write(entry)
      if writer.bytes.count > Self.chunkBytes { try emit(writer.take()) }
    }
    writer.write(punctuation: entries.isEmpty ? "]}\n" : "\n]}\n")
    try emit(writer.take())
  }

  private func writeTSV<T: Listed>(
    _ entries: [T], to emit: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let tsv = TSV(columns(of: T.self))
    let append = tsv.writer(of: T.self, keys: keys)
    var bytes = tsv.header
    for entry in entries {
      append(entry, &bytes)
      if bytes.count > Self.chunkBytes {
        try emit(bytes)
        bytes.removeAll(keepingCapacity: true)
      }
    }
    try emit(bytes)
  }

  /// An object that is named stands for all that is in it. Keys have a column only where shown.
  private func columns<T: Listed>(of type: T.Type) -> [String] {
    let tree = FieldTree(of: type)
    let named = fields.isEmpty ? tree.names : fields
    return named.flatMap { name -> [String] in
      let inner = tree.subtree(name)?.leaves ?? []
      return inner.isEmpty ? [name] : inner.map { "\(name).\($0)" }
    }.filter { keys.showsKeys || !$0.hasSuffix(".key") }
  }

  private struct Header<T: Listed>: Described {
    static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
      ListDocument<T>.header(of: value.map { _ in ListDocument(entries: []) }, &field)
    }
  }
}
