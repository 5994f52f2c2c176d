import XFRMKit

/// A type that is put out field by field. JSON, TSV, the names that `--fields` and `--sort` take and
/// the tests of the schemas all come from this one description.
protocol Described {
  /// Tells every field, in the same order each time; all of them `nil` if there is no value.
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V)
}

/// What is told the fields of an object. What is `nil` has no value.
protocol FieldVisitor {
  /// How keys are told.
  var keys: KeyDisplay { get }
  mutating func scalar(_ name: StaticString, _ value: Scalar?)
  mutating func scalars(_ name: StaticString, _ values: [Scalar]?)
  mutating func object<T: Described>(_ name: StaticString, _ value: T?)
  mutating func list<T: Described>(_ name: StaticString, _ values: [T]?)
}

/// Whether keys are shown, and what stands for them.
struct KeyDisplay {
  var fingerprint = KeyFingerprint()
  var showsKeys = false
}

// MARK: - One call for every type

extension FieldVisitor {
  @inline(__always)
  mutating func callAsFunction<N: FixedWidthInteger & UnsignedInteger>(
    _ name: StaticString, _ number: N?
  ) { scalar(name, number.map { .count(UInt64($0)) }) }

  mutating func callAsFunction(_ name: StaticString, _ number: Int32?) {
    scalar(name, number.map { .signed(Int64($0)) })
  }

  mutating func callAsFunction(_ name: StaticString, _ isSet: Bool?) {
    scalar(name, isSet.map { .flag($0) })
  }

  mutating func callAsFunction(_ name: StaticString, _ text: String?) {
    scalar(name, text.map { .text($0) })
  }

  mutating func callAsFunction(_ name: StaticString, _ address: IPAddress?) {
    scalar(name, address.map { .address($0) })
  }

  mutating func callAsFunction(_ name: StaticString, _ prefix: IPPrefix?) {
    scalar(name, prefix.map { .prefix($0) })
  }

  mutating func callAsFunction(_ name: StaticString, _ time: Timestamp?) {
    scalar(name, time.map { .time($0) })
  }

  mutating func callAsFunction(_ name: StaticString, _ value: (some Worded)?) {
    scalar(name, value?.word)
  }

  mutating func callAsFunction(_ name: StaticString, _ values: [Scalar]?) {
    scalars(name, values)
  }

  mutating func callAsFunction(_ name: StaticString, _ value: (some Described)?) {
    object(name, value)
  }

  mutating func callAsFunction<T: Described>(_ name: StaticString, _ values: [T]?) {
    list(name, values)
  }

  /// The fields that tell of a key. A kernel that keeps its keys for itself shows zeros, and no two
  /// of those need be equal.
  mutating func key(_ key: Secret?) {
    self("keyBytes", key.map { UInt($0.count) })
    let known = key.flatMap { $0.isAllZeros ? nil : $0 }
    self("keyFingerprint", known.map { keys.fingerprint.of($0) })
    self("key", keys.showsKeys ? key?.hexadecimal : nil)
  }
}

extension Secret {
  /// For somebody who has asked to see it.
  var hexadecimal: String {
    withBytes { bytes in
      var text = ""
      for index in bytes.indices {
        text += bytes[index] < 16 ? "0" : ""
        text += String(bytes[index], radix: 16)
      }
      return text
    }
  }
}

extension FixedWidthInteger {
  /// Itself, for numbers whose 0 means that there is none.
  var nonzero: Self? { self == 0 ? nil : self }
}
