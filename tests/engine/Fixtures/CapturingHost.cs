using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using System.Text;
using System.Text.RegularExpressions;

namespace DattoRMM.Tests.Fixtures;

/// <summary>A console of 160 columns whose text can be read. Nobody sits before it: a question is an error.</summary>
public sealed partial class CapturingHost : PSHost
{
    private readonly Screen _screen = new();

    /// <summary>All that was written, without colours.</summary>
    public string Text => _screen.Text;

    /// <summary>All that was written.</summary>
    public string Raw => _screen.Raw;

    /// <summary>Whether it says that it shows colours.</summary>
    public bool HasColours
    {
        get => _screen.SupportsVirtualTerminal;
        init => _screen.HasColours = value;
    }

    /// <summary>The lines of it, without what is blank at their ends.</summary>
    public IReadOnlyList<string> Lines => [.. Text.Split('\n').Select(line => line.TrimEnd())];

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "tests/engine";

    public override PSHostUserInterface UI => _screen;

    public override Version Version => new(1, 0);

    public override void EnterNestedPrompt() => throw NotThere();

    public override void ExitNestedPrompt() => throw NotThere();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode) => throw NotThere();

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex ControlCode();

    private static HostException NotThere() => new("the tests' console has nobody before it");

    private sealed class Screen : PSHostUserInterface
    {
        private readonly StringBuilder _text = new();

        internal string Text => ControlCode().Replace(Raw, "");

        internal string Raw
        {
            get
            {
                lock (_text)
                {
                    return _text.ToString();
                }
            }
        }

        internal bool HasColours { get; set; }

        public override bool SupportsVirtualTerminal => HasColours;

        public override PSHostRawUserInterface RawUI { get; } = new Window();

        public override void Write(string value)
        {
            lock (_text)
            {
                _text.Append(value);
            }
        }

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
            Write(value);

        public override void WriteLine(string value) => Write(value + "\n");

        public override void WriteErrorLine(string value) => WriteLine(value);

        public override void WriteDebugLine(string message) => WriteLine(message);

        public override void WriteVerboseLine(string message) => WriteLine(message);

        public override void WriteWarningLine(string message) => WriteLine(message);

        public override void WriteProgress(long sourceId, ProgressRecord record)
        {
        }

        public override Dictionary<string, PSObject> Prompt(
            string caption, string message, Collection<FieldDescription> descriptions) => throw NotThere();

        public override int PromptForChoice(
            string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
            throw NotThere();

        public override PSCredential PromptForCredential(
            string caption, string message, string userName, string targetName) => throw NotThere();

        public override PSCredential PromptForCredential(
            string caption, string message, string userName, string targetName,
            PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => throw NotThere();

        public override string ReadLine() => throw NotThere();

        public override SecureString ReadLineAsSecureString() => throw NotThere();
    }

    private sealed class Window : PSHostRawUserInterface
    {
        public override ConsoleColor BackgroundColor { get; set; }

        public override Size BufferSize { get; set; } = new(160, 3000);

        public override Coordinates CursorPosition { get; set; }

        public override int CursorSize { get; set; }

        public override ConsoleColor ForegroundColor { get; set; }

        public override bool KeyAvailable => false;

        public override Size MaxPhysicalWindowSize => new(160, 3000);

        public override Size MaxWindowSize => new(160, 3000);

        public override Coordinates WindowPosition { get; set; }

        public override Size WindowSize { get; set; } = new(160, 3000);

        public override string WindowTitle { get; set; } = "";

        public override void FlushInputBuffer()
        {
        }

        public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw NotThere();

        public override KeyInfo ReadKey(ReadKeyOptions options) => throw NotThere();

        public override void ScrollBufferContents(
            Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw NotThere();

        public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw NotThere();

        public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw NotThere();
    }
}
