using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Reflection.PortableExecutable;
using System.Text;

namespace DattoRMM.Tests.Package;

/// <summary>What a library for Windows says about itself.</summary>
internal sealed class PeFile : IDisposable
{
    private const int DescriptorLength = 20;

    /// <summary>What the fixed part of a version resource begins with.</summary>
    private static readonly byte[] s_fixedVersion = [0xbd, 0x04, 0xef, 0xfe];

    private readonly PEReader _reader;

    public PeFile(byte[] bytes) => _reader = new PEReader(bytes.ToImmutableArray());

    /// <summary>The processor.</summary>
    public Machine Machine => _reader.PEHeaders.CoffHeader.Machine;

    public void Dispose() => _reader.Dispose();

    /// <summary>What it imports: <c>kernel32.dll!CreateFileW</c>, in lower case up to the mark.</summary>
    public IReadOnlyList<string> Imports()
    {
        List<string> imports = [];
        int table = _reader.PEHeaders.PEHeader!.ImportTableDirectory.RelativeVirtualAddress;
        for (int i = 0; table != 0; i++)
        {
            ReadOnlySpan<byte> descriptor = At(table + i * DescriptorLength);
            int names = BinaryPrimitives.ReadInt32LittleEndian(descriptor);
            int library = BinaryPrimitives.ReadInt32LittleEndian(descriptor[12..]);
            if (library == 0)
            {
                break;
            }
            // Where the linker wrote no table of names, that of addresses has them until the library is loaded.
            names = names == 0 ? BinaryPrimitives.ReadInt32LittleEndian(descriptor[16..]) : names;
            imports.AddRange(Names(names).Select(name => $"{Text(At(library)).ToLowerInvariant()}!{name}"));
        }
        return imports;
    }

    /// <summary>The version of its resource, with three parts; null if it has none.</summary>
    public Version? FileVersion()
    {
        PEMemoryBlock section = _reader.GetSectionData(".rsrc");
        ReadOnlySpan<byte> resources = section.GetContent().AsSpan();
        int at = resources.IndexOf(s_fixedVersion);
        return at < 0
            ? null
            : new Version(
                BinaryPrimitives.ReadUInt16LittleEndian(resources[(at + 10)..]),
                BinaryPrimitives.ReadUInt16LittleEndian(resources[(at + 8)..]),
                BinaryPrimitives.ReadUInt16LittleEndian(resources[(at + 14)..]));
    }

    /// <summary>The functions of one library; those without a name by their number.</summary>
    private List<string> Names(int table)
    {
        List<string> names = [];
        bool wide = _reader.PEHeaders.PEHeader!.Magic == PEMagic.PE32Plus;
        for (int at = table; ; at += wide ? 8 : 4)
        {
            ReadOnlySpan<byte> entry = At(at);
            ulong value = wide
                ? BinaryPrimitives.ReadUInt64LittleEndian(entry)
                : BinaryPrimitives.ReadUInt32LittleEndian(entry);
            if (value == 0)
            {
                return names;
            }
            bool numbered = (value >> (wide ? 63 : 31)) == 1;
            names.Add(numbered ? $"#{value & 0xffff}" : Text(At((int)value + 2)));
        }
    }

    private ReadOnlySpan<byte> At(int address) => _reader.GetSectionData(address).GetContent().AsSpan();

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes[..bytes.IndexOf((byte)0)]);
}
