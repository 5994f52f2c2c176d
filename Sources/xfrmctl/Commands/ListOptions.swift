import ArgumentParser
import XFRMKit

/// How a list is put out.
struct ListOptions: ParsableArguments {
  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Print lines of values with tabs between them, under a line of names.")
  var tsv = false

  @Option(
    help: ArgumentHelp(
      "Print only these fields, by their names in JSON: spi,lifetime.hard.bytes,…",
      valueName: "names"))
  var fields: String?

  // What follows may begin with a hyphen.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Order by these fields; - before a name: from high to low.", valueName: "names"))
  var sort: String?

  func validate() throws {
    if json, tsv { throw ValidationError("--json and --tsv cannot be used together") }
    if fields != nil, !json, !tsv {
      throw ValidationError("--fields takes --json or --tsv with it")
    }
  }

  /// Checks the names before anybody asks the kernel.
  func output<Entry: Listed>(of _: Entry.Type, keys: KeyDisplay) throws(Failure)
    -> ListOutput<Entry>
  {
    let tree = FieldTree(of: Entry.self)
    let names = fields.map { FieldName.list($0) } ?? []
    try FieldName.check(names, in: tree)
    if !keys.showsKeys, let name = names.first(where: { $0.hasSuffix(".key") }) {
      throw Failure("\(name) takes --show-keys; \(name)Fingerprint stands for it", .usage)
    }
    let order = sort.map { SortOrder.fields($0) } ?? []
    try FieldName.checkLeaves(order.map(\.name), in: tree)
    return ListOutput(
      form: json ? .json : tsv ? .tsv : nil, fields: names, order: SortOrder(order), keys: keys)
  }
}

/// Whether keys are shown, and by what they compare.
struct KeyOptions: ParsableArguments {
  @Flag(help: "Show keys. Without it a fingerprint tells whether two are the same.")
  var showKeys = false

  @Option(
    help: ArgumentHelp(
      "Make fingerprints that compare with those of another output.", valueName: "hex"))
  var fingerprintSalt: String?

  func display() throws(Failure) -> KeyDisplay {
    guard let fingerprintSalt else { return KeyDisplay(showsKeys: showKeys) }
    guard let salt = [UInt8](hexadecimal: fingerprintSalt), !salt.isEmpty else {
      throw Failure("--fingerprint-salt takes pairs of hexadecimal digits", .usage)
    }
    return KeyDisplay(fingerprint: KeyFingerprint(salt: salt), showsKeys: showKeys)
  }
}

/// A list that is ready to be put out.
struct ListOutput<Entry: Listed> {
  /// `nil` for people.
  fileprivate(set) var form: ListRendering.Form?
  fileprivate let fields: [String]
  fileprivate let order: SortOrder
  let keys: KeyDisplay

  /// Writes the list to stdout.
  ///
  /// - Parameter text: Makes what people read of the sorted list.
  func print(_ entries: [Entry], text: ([Entry]) -> String) throws(Failure) {
    let sorted = order.sorted(entries, keys: keys)
    guard let form else { return try Terminal.print(text(sorted)) }
    try ListRendering(form: form, fields: fields, keys: keys)
      .write(sorted) { (bytes) throws(Failure) in try Terminal.write(bytes) }
  }
}

extension [UInt8] {
  /// Reads pairs of hexadecimal digits; `nil` if the text is something else.
  init?(hexadecimal text: String) {
    let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
    self = stride(from: 0, to: digits.count, by: 2).map {
      UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
  }
}
