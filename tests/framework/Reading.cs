using System;
using System.Collections.Generic;
using System.Management.Automation;
using DattoRMM.Client;
using DattoRMM.Native;
using DattoRMM.Objects;

namespace DattoRMM.Tests;

/// <summary>Reads answers as the module's commands do, without commands.</summary>
internal static class Reading
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>All items of a call, in order.</summary>
    internal static List<PSObject> All(NativeSession session, Call call)
    {
        List<PSObject> items = new();
        using NativeStream stream = session.Open(call.Request!);
        ShapeTable shapes = new();
        while (true)
        {
            switch (stream.Next(s_patience, out NativeBuffer batch, out NativeBuffer report))
            {
                case StreamState.Ready:
                    report.Dispose();
                    using (BatchReader reader = new(batch, shapes, call.Type))
                    {
                        while (reader.Read(out object? item))
                        {
                            items.Add((PSObject)item!);
                        }
                    }
                    break;
                case StreamState.End:
                    report.Dispose();
                    return items;
                case StreamState.Pending:
                    report.Dispose();
                    break;
                default:
                    throw new OperationCanceledException();
            }
        }
    }

    /// <summary>A field of an item.</summary>
    internal static object? Field(PSObject item, string name) => item.Properties[name].Value;
}
