package import XFRMKit

/// Values of sections that were held against their shapes, so that what is there can be read.
extension YAMLNode {
  package func text(_ key: String) -> String? {
    self[key].flatMap { $0.isUnusable ? nil : $0.text }
  }
  package func flag(_ key: String) -> Bool? { text(key).map { $0 == "true" } }
  package func number<T: FixedWidthInteger>(_ key: String, _: T.Type = T.self) -> T? {
    text(key).flatMap { Numbers.parse($0) }.flatMap { T(exactly: $0) }
  }
  package func address(_ key: String) -> IPAddress? { text(key).flatMap { IPAddress($0) } }
  package func prefix(_ key: String) -> IPPrefix? { text(key).flatMap { IPPrefix($0) } }
  package func mark(_ key: String) -> Mark? { text(key).flatMap { Mark(configured: $0) } }
  package func spi(_ key: String) -> SPI? { number(key).map { SPI(rawValue: $0) } }
  package func word<T: RawRepresentable<String>>(_ key: String, _: T.Type = T.self) -> T? {
    text(key).flatMap { T(rawValue: $0) }
  }

  /// The elements of a list, or the one value that stands for it.
  package func list(_ key: String) -> [YAMLNode] {
    guard let value = self[key], !value.isUnusable else { return [] }
    if case .sequence(let elements) = value.content { return elements }
    return [value]
  }

  /// Where the value of a key stands; its own place if there is none.
  package func span(_ key: String) -> SourceSpan { self[key]?.span ?? place }

  /// Where it begins.
  package var place: SourceSpan { SourceSpan(span.file, span.start, span.start) }

  /// Where its name stands.
  package var nameSpan: SourceSpan { span("name") }
}
