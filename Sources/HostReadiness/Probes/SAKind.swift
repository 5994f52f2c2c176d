internal import XFRMKit

/// A kind of SA that a kernel may be capable of.
struct SAKind: Sendable {
  /// What protects packets, or compresses them.
  enum Transform: Hashable, Sendable {
    case esp(ESPProposal)
    case ah(AuthenticationAlgorithm)
    case ipComp(CompressionAlgorithm)
  }

  /// Of the SA's own addresses.
  var family: AddressFamily
  /// Any of these will do; the first that works counts.
  var transforms: [Transform]
  var mode = Mode.tunnel
  /// Policies in every direction that are to use it are for packets of this family.
  var policyFamily: AddressFamily?
  /// Where what sets it apart comes from; older kernels may ignore it silently.
  var origin: Origin?
  /// Modules that it takes besides those of protocol and algorithms.
  var furtherModules: [KernelModule] = []
  /// Gives an SA what sets the kind apart.
  var shape: @Sendable (inout SecurityAssociation) -> Void = { _ in }
}

extension SAKind {
  /// What brought something to the kernel.
  struct Origin: Hashable, Sendable {
    /// A version of Linux.
    var version: String
    /// The option that builds it, without `CONFIG_`.
    var option: String?

    /// - Parameter option: What builds it, if not every kernel since has it.
    static func linux(_ version: String, option: String? = nil) -> Origin {
      Origin(version: version, option: option)
    }
  }

  /// ESP in tunnel mode with any of some proposals.
  static func esp(_ family: AddressFamily, _ proposals: [ESPProposal]) -> SAKind {
    SAKind(family: family, transforms: proposals.map { .esp($0) })
  }

  /// ESP of whichever algorithms the kernel has, with something else that sets it apart.
  ///
  /// - Parameters:
  ///   - origin: What brought it to the kernel.
  ///   - shape: Gives an SA what sets the kind apart.
  static func esp(
    _ family: AddressFamily, _ mode: Mode = .tunnel, since origin: Origin? = nil,
    _ shape: @escaping @Sendable (inout SecurityAssociation) -> Void = { _ in }
  ) -> SAKind {
    var kind = esp(family, [.aes256gcm16, .aes256sha256])
    kind.mode = mode
    kind.origin = origin
    kind.shape = shape
    return kind
  }

  static func ah(_ family: AddressFamily) -> SAKind {
    SAKind(family: family, transforms: [.ah(.hmacSHA256)], mode: .transport)
  }

  static func ipComp(_ family: AddressFamily, _ mode: Mode = .transport) -> SAKind {
    SAKind(family: family, transforms: [.ipComp(.deflate)], mode: mode)
  }
}

// MARK: - What it takes

extension SAKind {
  var proto: IPProtocol {
    switch transforms.first {
    case .esp, nil: .esp
    case .ah: .ah
    case .ipComp: .ipComp
    }
  }

  /// The module that speaks the protocol over the family.
  var module: KernelModule { KernelModule.speaking(proto, family) }

  /// What a kernel that grants it must have. Where several transforms will do, which of them it was
  /// that did is not known.
  var modules: [KernelModule] {
    let modules = [module, .xfrmAlgo] + furtherModules
    guard transforms.count == 1 else { return modules }
    let parts = transforms.flatMap(\.composingModules) + algorithms.flatMap(\.modules)
    return modules + parts.map { KernelModule(algorithm: $0) }
  }

  /// Whether it is nothing without IPv6.
  var takesIPv6: Bool { family == .ipv6 || policyFamily == .ipv6 }

  private var algorithms: [any KernelAlgorithm] { transforms.flatMap(\.algorithms) }

  /// An algorithm by the kernel's name for it.
  func algorithm(_ name: String) -> (any KernelAlgorithm)? {
    algorithms.first { $0.name == name }
  }

  /// What the kernel needs to know the algorithms that a refusal names.
  func modules(of names: String) -> [KernelModule] {
    algorithms.filter { names.contains($0.name) }
      .flatMap { $0.modules.map { KernelModule(algorithm: $0) } }
  }

  /// What algorithms that a refusal names are composed of and with, beyond what their names say.
  func parts(of names: String) -> [KernelModule] {
    let refused = transforms.filter { $0.algorithms.allSatisfy { names.contains($0.name) } }
    let composing = refused.flatMap(\.composingModules).map { name in
      // Extended sequence numbers have a template of their own.
      name == "authenc" && sample.flags.contains(.extendedSequenceNumbers) ? "authencesn" : name
    }
    return composing.map { KernelModule(algorithm: $0) }
      + refused.flatMap(\.algorithms).flatMap { algorithm in
        modules(of: algorithm.name).filter { !algorithm.name.contains($0.algorithm) }
      }
  }
}

extension SAKind.Transform {
  /// Its algorithms, the cipher first.
  var algorithms: [any KernelAlgorithm] {
    switch self {
    case .esp(let proposal): proposal.algorithms
    case .ah(let algorithm): [algorithm]
    case .ipComp(let algorithm): [algorithm]
    }
  }

  fileprivate var composingModules: [String] {
    if case .esp(let proposal) = self { proposal.composingModules } else { [] }
  }
}
