/// Properties that few values have. They take up one word until the first of them is set.
struct Rare<Properties: RareProperties>: Sendable {
  /// None or one: an array is what copies on write.
  private var storage: [Properties] = []

  @inline(__always)
  subscript<Value>(_ property: WritableKeyPath<Properties, Value?>) -> Value? {
    get { storage.isEmpty ? nil : storage[0][keyPath: property] }
    set {
      if storage.isEmpty {
        guard newValue != nil else { return }
        storage.append(Properties())
      }
      storage[0][keyPath: property] = newValue
    }
  }
}

protocol RareProperties: Equatable, Sendable {
  init()
}

extension Rare: Equatable {
  static func == (left: Self, right: Self) -> Bool {
    (left.storage.first ?? Properties()) == (right.storage.first ?? Properties())
  }
}
