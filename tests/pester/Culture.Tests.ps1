# What a session's language, its numbers, its calendar and its rules for letters may not change: what is sent, what comes
# back, and how times are shown. Turkish has an i of its own, German another decimal point, Thai another year.

BeforeDiscovery {
    $cultures = 'de-DE', 'tr-TR', 'th-TH', 'ar-SA', 'fi-FI'
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $sim = Start-Simulator '--devices 40 --sites 3 --job-ms 0'
    $variables = Get-Environment $sim
    $device = @(Get-DrmmDevice | Where-Object { $_.online -and $_.deviceClass -eq 'device' })[0]

    # In the thread of the script, which is what a profile or a scheduled task's account changes.
    function Invoke-In([string] $Culture, [scriptblock] $Work) {
        $thread = [Threading.Thread]::CurrentThread
        $former = $thread.CurrentCulture, $thread.CurrentUICulture
        try {
            $thread.CurrentCulture = $thread.CurrentUICulture = [Globalization.CultureInfo]::new($Culture)
            & $Work
        }
        finally {
            $thread.CurrentCulture, $thread.CurrentUICulture = $former
        }
    }

    function Get-Sent([scriptblock] $Calls) {
        Clear-Received $sim
        [void] (& $Calls)
        Get-Received $sim | ForEach-Object { "$($_.method) $($_.path)?$($_.query | ConvertTo-Json -Compress) $($_.body)" }
    }
}

AfterAll {
    Stop-Simulator $sim
}

Describe 'Another culture' {
    It 'is one here, with its letters, numbers and years' {
        # Without the data of cultures all of them were the same, and the tests below would show nothing.
        Invoke-In 'tr-TR' { 'I'.ToLower() } | Should -BeExactly ([string] [char] 0x131)
        Invoke-In 'de-DE' { (1.5).ToString() } | Should -Be '1,5'
        Invoke-In 'th-TH' { [datetime]::new(2026, 1, 2).ToString('yyyy') } | Should -Be '2569'
    }

    It 'changes nothing that is sent: <_>' -ForEach $cultures {
        $uid = $device.uid
        $from = [datetime]::new(2026, 1, 2, 3, 4, 5, 0, [DateTimeKind]::Utc)
        $script = {
            Get-DrmmDevice -SiteName 'I' -Hostname 'PRINTI'
            Get-DrmmActivityLog -From $from -Until $from.AddDays(1)
            Set-DrmmDeviceUdf $uid -Udf @{ 1 = 1.5; 2 = 'I'; 3 = 1234567 }
            Set-DrmmDeviceUdf $uid -udf4 2.25
            Set-DrmmDeviceUdf $uid -Udf @{ 5 = 1.5 } -Typed
            Set-DrmmDeviceWarranty $uid ([datetime]::new(2031, 5, 31))
            Invoke-DrmmApi v2/account/devices -Query @{ max = 5; siteName = 'I' }
        }

        $sent = @(Invoke-In $_ { Get-Sent $script })

        $expected = @(Invoke-In 'en-US' { Get-Sent $script })
        $sent.Count | Should -BeGreaterOrEqual 7
        $sent | Should -BeExactly $expected
    }

    It 'changes nothing that comes back: <_>' -ForEach $cultures {
        $script = {
            Get-DrmmDevice | ConvertTo-Json -Depth 8
            Get-DrmmDevice | ConvertTo-Csv -NoTypeInformation
            Get-DrmmDevice | ConvertTo-DrmmFlatObject -TimeFormat Iso8601 | ConvertTo-Csv -NoTypeInformation
            (Get-DrmmAlert | Add-DrmmAlertMessage).alertMessage
            @(Get-DrmmDevice)[0].GetTime('lastSeen').Ticks
        }

        $result = Invoke-In $_ $script

        $result | Should -BeExactly (Invoke-In 'en-US' $script)
    }

    It 'changes no time in a table: <_>' -ForEach $cultures {
        $script = {
            Get-DrmmDevice | Out-String -Width 160
            Get-DrmmAlert | Out-String -Width 160
        }

        Invoke-In $_ $script | Should -BeExactly (Invoke-In 'en-US' $script)
    }

    It 'changes no name of a command, a parameter or a value: <_>' -ForEach $cultures {
        $names = Invoke-In $_ {
            get-drmmdevice -DEVICEID $device.id | Select-Object -ExpandProperty HOSTNAME
            (Get-DrmmAlert -STATUS resolved | Select-Object -First 1).ALERTUID
            $device | Get-DrmmDevice | ForEach-Object INTIPADDRESS
            (Get-DrmmSite -NAME '*I*' | Sort-Object uid).NAME -join '|'
        }

        $names[0] | Should -Be $device.hostname
        $names[1] | Should -Be (Get-DrmmAlert -Status Resolved | Select-Object -First 1).alertUid
        $names[2] | Should -Be $device.intIpAddress
        $names[3] | Should -Be ((Get-DrmmSite -Name '*I*' | Sort-Object uid).name -join '|')
    }

    It 'leaves errors with their ids and sentences: <_>' -ForEach $cultures {
        $caught = Invoke-In $_ { try { Get-DrmmDevice unknown -ErrorAction Stop } catch { $_ } }

        $caught.FullyQualifiedErrorId | Should -BeExactly 'DrmmNotFound,DattoRMM.Commands.GetDrmmDeviceCommand'
        $expected = try { Get-DrmmDevice unknown -ErrorAction Stop } catch { $_ }
        "$caught" | Should -BeExactly "$expected"
    }

    It 'is no matter when it is there from the start: <_>' -ForEach 'tr-TR', 'de-DE' {
        $run = Invoke-Shell -Variables ($variables + @{ LC_ALL = $_.Replace("-", "_") + ".UTF-8" }) -Script @"
[Globalization.CultureInfo]::DefaultThreadCurrentCulture = '$_'
[Globalization.CultureInfo]::DefaultThreadCurrentUICulture = '$_'
[Threading.Thread]::CurrentThread.CurrentCulture = '$_'
[Threading.Thread]::CurrentThread.CurrentUICulture = '$_'
Import-Module `$env:DRMM_TEST_MODULE
Connect-DrmmApi -Url `$env:DRMM_TEST_URL
(Get-DrmmDevice).Count
(Get-Help Get-DrmmDevice).Synopsis
"@

        "$($run.Errors)|$($run.Output)" | Should -Be "|40`n$((Get-Help Get-DrmmDevice).Synopsis)"
    }
}
