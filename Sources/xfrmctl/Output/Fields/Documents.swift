import XFRMKit

/// The version of the schemas under `Schemas/`. It changes when a field goes or means another
/// thing; that one is added changes nothing.
let schemaVersion: UInt = 1

/// One object that is printed by itself, with the schema's version.
struct Document<Content: Described>: Described {
  var content: Content

  init(_ content: Content) { self.content = content }

  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("version", value.map { _ in schemaVersion })
    Content.fields(of: value?.content, &field)
  }
}

/// A type that there are lists of.
protocol Listed: Described {
  /// What a list of them is called in JSON.
  static var listName: StaticString { get }
  /// Whether there are keys in it.
  static var hasKeys: Bool { get }
}

extension SecurityAssociation: Listed {
  static var listName: StaticString { "associations" }
  static var hasKeys: Bool { true }
}

extension Policy: Listed {
  static var listName: StaticString { "policies" }
  static var hasKeys: Bool { false }
}

/// A list and what belongs to all of it.
struct ListDocument<Entry: Listed>: Described {
  var entries: [Entry]

  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    header(of: value, &field)
    field(Entry.listName, value?.entries)
  }

  /// All but the entries.
  static func header<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("version", value.map { _ in schemaVersion })
    if Entry.hasKeys {
      let salt = value == nil ? nil : field.keys.fingerprint.salt
      field("fingerprintSalt", salt?.hexadecimal)
    }
  }
}
