import ArgumentParser

extension State {
  struct Add: ChangeCommand {
    static let verb = ["state", "add"]
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Add a security association.",
      usage: "xfrmctl state add [options] <words> ...",
      discussion: """
        An SA with the same destination, SPI and protocol must not exist.

        Examples:
          xfrmctl state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x1001 \\
          mode tunnel reqid 1 aead 'rfc4106(gcm(aes))' @key.hex 128
          xfrmctl state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x1002 \\
          mode tunnel aead 'rfc4106(gcm(aes))' generate 128 --dry-run
        """)

    @OptionGroup var options: ChangeOptions
    @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
    var words: [String] = []
  }

  struct Update: ChangeCommand {
    static let verb = ["state", "update"]
    static let configuration = CommandConfiguration(
      commandName: "update", abstract: "Change what can be changed of a security association.",
      usage: "xfrmctl state update [options] <words> ...",
      discussion: """
        Lifetimes, encapsulation ports, output mark and interface ID change; keys
        do not. An SPI that was allocated becomes an SA.

        Examples:
          xfrmctl state update src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x1001 \\
          mode tunnel aead 'rfc4106(gcm(aes))' @key.hex 128 \\
          limit byte-hard 1000000
        """)

    @OptionGroup var options: ChangeOptions
    @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
    var words: [String] = []
  }

  struct Replace: ChangeCommand {
    static let verb = ["state", "replace"]
    static let configuration = CommandConfiguration(
      commandName: "replace",
      abstract: "Update a security association, or add it if there is none.",
      usage: "xfrmctl state replace [options] <words> ...",
      discussion: """
        Examples:
          xfrmctl state replace src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x1001 \\
          mode tunnel aead 'rfc4106(gcm(aes))' env:KEY 128
        """)

    @OptionGroup var options: ChangeOptions
    @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
    var words: [String] = []
  }

  struct AllocateSPI: ChangeCommand {
    static let verb = ["state", "allocspi"]
    static let configuration = CommandConfiguration(
      commandName: "allocspi", abstract: "Reserve an SPI and print it.",
      usage: "xfrmctl state allocspi [options] <words> ...",
      discussion: """
        The kernel holds it for net.core.xfrm_acq_expires seconds; update completes it.

        Examples:
          xfrmctl state allocspi src 192.0.2.1 dst 192.0.2.2 proto esp \\
          min 0x1000 max 0x1fff
        """)

    @OptionGroup var options: ChangeOptions
    @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
    var words: [String] = []
  }

  struct Delete: ChangeCommand {
    static let verb = ["state", "delete"]
    static let configuration = CommandConfiguration(
      commandName: "delete", abstract: "Delete one security association.",
      usage: "xfrmctl state delete [options] <words> ...",
      discussion: """
        Examples:
          xfrmctl state delete dst 192.0.2.2 proto esp spi 0x1001
        """)

    @OptionGroup var options: ChangeOptions
    @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
    var words: [String] = []
  }

  struct Migrate: ChangeCommand {
    static let verb = ["state", "migrate"]
    static let configuration = CommandConfiguration(
      commandName: "migrate",
      abstract: "Move SAs and the templates of a policy to other endpoints.",
      usage: "xfrmctl state migrate [options] <words> ...",
      discussion: """
        Examples:
          xfrmctl state migrate src 10.1.0.0/16 dst 10.2.0.0/16 dir out \\
          from 192.0.2.1 192.0.2.2 to 198.51.100.1 192.0.2.2 \\
          proto esp mode tunnel
        """)

    @OptionGroup var options: ChangeOptions
    @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
    var words: [String] = []
  }
}
