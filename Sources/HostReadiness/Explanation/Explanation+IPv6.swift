extension Findings {
  /// Why the kernel refuses what has to do with IPv6, when it speaks no IPv6.
  ///
  /// - Parameter module: What speaks IPsec over IPv6.
  func explainIPv6(_ module: KernelModule = .esp6) -> Explanation {
    switch ipv6 {
    case .notLoaded:
      return Explanation(
        cause: "without the module ipv6, which is on disk but not loaded, the kernel does not even "
          + "look for \(module.name)",
        remedies: [Remedy(.load, [.ipv6])])
    case .disabled(let how):
      return Explanation(
        cause: "IPv6 is turned off: \(how)",
        remedies: [Remedy("leave it off if the host does without IPv6, or turn it on and reboot")])
    case .absent:
      return explain([.ipv6])
    case .active, .unknown:
      return explain([module])
    }
  }
}
