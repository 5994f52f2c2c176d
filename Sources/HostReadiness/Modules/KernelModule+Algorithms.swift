extension KernelModule {
  /// What AES-GCM takes, which all uses want.
  private static let always = Importance.always(.recommended)

  /// What ESP without an AEAD takes; Algo proposes AES-GCM only, and by hand one AEAD is enough.
  private static let combined = Importance(
    minimal: .optional, gateway: .recommended, strongswan: .recommended,
    libreswan: .recommended)

  private static let sometimes = Importance(
    gateway: .optional, strongswan: .optional, libreswan: .optional)

  /// Algorithms and what composes them, which loading esp4 never brings along.
  static let algorithms = [
    algorithm("aes_generic", "AES", always, "without it there is no AES"),
    algorithm("gcm", "GCM", always, "without it there is no AES-GCM, which all peers propose"),
    algorithm(
      "seqiv", "SEQIV",
      // Algo proposes nothing that does without; others have CBC.
      Importance(
        minimal: .recommended, gateway: .recommended, strongswan: .recommended, algo: .required,
        libreswan: .recommended),
      "without it no AEAD can be used for ESP: the kernel says only that it was unable to "
        + "initialize cryptographic operations"),
    algorithm("ctr", "CTR", always, "without it there is neither AES-CTR nor AES-GCM"),
    algorithm("ghash_generic", "GHASH", always, "without it there is no AES-GCM"),
    KernelModule(
      "drbg", option: "CRYPTO_DRBG", importance: always,
      without: "without it nothing draws salts for initialisation vectors, and SAs with AES-GCM "
        + "are refused although ESP and GCM are there"),
    algorithm(
      "authenc", "AUTHENC", combined, "without it no cipher can be combined with a hash for ESP"),
    algorithm(
      "echainiv", "ECHAINIV", combined,
      "without it AES-CBC cannot be used for ESP, even where it is there"),
    algorithm("cbc", "CBC", combined, "without it there is no AES-CBC"),
    algorithm("hmac", "HMAC", combined, "without it there is no HMAC"),
    algorithm("sha256_generic", "SHA256", combined, "without it there is no HMAC with SHA-256"),
    algorithm("sha1_generic", "SHA1", sometimes, "without it there is no HMAC with SHA-1"),
    algorithm(
      "sha512_generic", "SHA512", sometimes, "without it there is no HMAC with SHA-384 or SHA-512"),
    algorithm(
      "ccm", "CCM", sometimes, "without it there is no AES-CCM",
      provenBy: ["crypto.ccm"]),
    algorithm(
      "chacha20poly1305", "CHACHA20POLY1305", sometimes,
      "without it there is no ChaCha20-Poly1305", provenBy: ["crypto.chacha"],
      alias: "crypto-rfc7539esp"),
    algorithm(
      "cmac", "CMAC", sometimes, "without it there is no AES-CMAC",
      provenBy: ["crypto.cmac"]),
    algorithm(
      "xcbc", "XCBC", sometimes, "without it there is no AES-XCBC",
      provenBy: ["crypto.xcbc"]),
    algorithm(
      "camellia_generic", "CAMELLIA", sometimes,
      "without it there is no Camellia", provenBy: ["crypto.camellia"]),
  ]

  private static func algorithm(
    _ name: String, _ option: String, _ importance: Importance, _ without: String,
    provenBy: [CheckID] = [], alias: String? = nil
  ) -> KernelModule {
    let algorithm = name.prefix { $0 != "_" }
    return KernelModule(
      name, option: "CRYPTO_\(option)", aliases: [alias ?? "crypto-\(algorithm)"],
      importance: importance, provenBy: provenBy, without: without)
  }
}
