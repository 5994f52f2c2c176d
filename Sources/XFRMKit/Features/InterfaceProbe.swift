/// An xfrm interface that no kernel makes: two of its attributes have wrong lengths. One that has no
/// such interfaces says so; one that has complains about the first attribute that it knows.
struct InterfaceProbe: InterfaceKind {
  static var name: String { XFRMInterface.name }

  func encode(into data: inout MessageBuilder) {
    // A flag, which has to be empty.
    data.append(.xfrmCollectMetadata, UInt32(0))
    data.append(.xfrmInterfaceID) { _ in }
  }

  /// What a refusal says about either kind of interface; `nil` if it was for another reason.
  static func answer(to refusal: KernelRefusal, about feature: Feature) -> Feature.Answer? {
    switch (refusal.errno, refusal.attribute) {
    case (.operationNotSupported, _): .absent(nil)
    case (.outOfRange, _) where feature == .interface: .present
    case (.outOfRange, .xfrmCollectMetadata?): .present
    case (.outOfRange, .xfrmInterfaceID?): .absent(nil)
    default: nil
    }
  }
}
