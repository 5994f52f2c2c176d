/// What the running kernel's IPsec has, found out by asking it.
///
///     var features = KernelFeatures()
///     features.probe(Feature.protocols + [.defaultActions])
///     if features[.proto(.esp, .ipv6)] == .present { … }
///     features.probe(.aead("rfc4106(gcm(aes))", keyBytes: 36, checkBits: 128))
///
/// Only what is asked about is probed, with requests that the kernel is bound to refuse: what it
/// gives as its reason is the answer. No SA and no policy is left, and nobody who listens to the
/// kernel's announcements hears of it.
///
/// The value is the cache: what is present is not asked about again, as it stays for as long as the
/// kernel runs; what is absent may be a module that somebody installs, so that it is. Programs
/// that start often may store the value, which is `Codable`, wherever they store things; one that
/// another boot of the machine, or another machine, has written is read as knowing nothing.
public struct KernelFeatures: Equatable, Sendable {
  /// Which run of the kernel this is about; `nil` if the kernel does not tell.
  public let bootID: String?
  /// What was found out so far.
  public private(set) var answers: [Feature: Feature.Answer] = [:]

  /// Knows nothing of the running kernel yet.
  public init() { self.init(bootID: Self.currentBootID) }

  init(bootID: String?) { self.bootID = bootID }

  /// Whether the kernel has something, as far as was found out.
  public subscript(feature: Feature) -> Feature.Answer { answers[feature] ?? .unknown(.notAsked) }

  /// Asks the kernel about what is not known to be present.
  ///
  /// A kernel loads modules to answer about protocols, modes, encapsulations, algorithms and
  /// interfaces. In a slow guest the first use of an algorithm takes seconds. Where IPv6 is a
  /// module that is not loaded, protocols and encapsulations over it stay unknown.
  ///
  /// - Parameters:
  ///   - features: What to ask about.
  ///   - namespace: Where to ask, in a namespace made for the purpose if `nil`. That takes
  ///     `CAP_SYS_ADMIN`, or a `UserNamespace`; asking, `CAP_NET_ADMIN`. In the caller's own, a
  ///     kernel before Linux 6.1, which gives no reasons, leaves much unknown, and so does IP-TFS.
  ///   - loadingModules: If `false`, nothing is asked that may make the kernel load a module.
  public mutating func probe(
    _ features: [Feature], in namespace: NetworkNamespace? = nil, loadingModules: Bool = true
  ) {
    var questions = features.filter { self[$0] != .present }
    if !loadingModules {
      // Opening the socket would load xfrm_user.
      let isThere = NetlinkFamily.xfrm.isRegistered
      for feature in questions where feature.mayTakeModule || !isThere {
        note(.unknown(.mightLoadModule), about: feature)
      }
      questions.removeAll { $0.mayTakeModule || !isThere }
    }
    guard !questions.isEmpty else { return }
    do throws(XFRMError) {
      var prober = try FeatureProber(in: namespace)
      for feature in questions { note(prober.answer(to: feature), about: feature) }
    } catch {
      let answer = Feature.Answer(withoutConnection: error)
      for feature in questions { note(answer, about: feature) }
    }
  }

  /// Asks the kernel about one thing, unless it is known to be present.
  @discardableResult
  public mutating func probe(
    _ feature: Feature, in namespace: NetworkNamespace? = nil, loadingModules: Bool = true
  ) -> Feature.Answer {
    probe([feature], in: namespace, loadingModules: loadingModules)
    return self[feature]
  }

  /// Takes in an answer, unless it is none and there was one.
  mutating func note(_ answer: Feature.Answer, about feature: Feature) {
    switch (answer, self[feature]) {
    case (.unknown, .present), (.unknown, .absent): break
    default: answers[feature] = answer
    }
  }
}

extension Feature.Answer {
  /// What follows for everything that was asked, if the kernel's databases could not be reached.
  init(withoutConnection error: XFRMError) {
    self =
      error.cause == .noNetlinkInterface
      ? .absent(.noNetlinkInterface) : .unknown(.failed(error))
  }
}
