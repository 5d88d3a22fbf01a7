# Whole scripts as people wrote them for the gallery module, each in a process of its own: they know nothing of this
# module but its name, and are not changed. What they report is compared with the API's own answers.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $sim = Start-Simulator '--devices 300 --sites 5 --job-ms 0 --limit 5000'
    $formerPath = Add-ModulePath
    $variables = Get-Environment $sim
    $variables.OUT = "$TestDrive"
    $parsed = @(foreach ($page in 0, 1) { (Get-Parsed $sim "v2/account/devices?max=250&page=$page").devices })
    $login = @'
Import-Module DattoRMM -Force
$params = @{
    Url       = $env:DRMM_TEST_URL
    Key       = $env:DRMM_API_KEY
    SecretKey = $env:DRMM_API_SECRET
}
Set-DrmmApiParameters @params

'@
}

AfterAll {
    $env:PSModulePath = $formerPath
    Stop-Simulator $sim
}

Describe 'A script for the gallery module' {
    It 'reports the servers of all customers' {
        $run = Invoke-Shell -Variables $variables -Script ($login + @'
$report = @()
$sites = Get-DrmmAccountSites -noDeletedDevices | Where-Object -Property onDemand -Like "False"
foreach ($site in $sites) {
    $servers = Get-DrmmSiteDevices $site.uid |
        Where-Object -Property deviceType -Like "@{category=Server; type=*}"
    foreach ($server in $servers) {
        $row = New-Object PSObject
        $row | Add-Member NoteProperty Customer $site.name
        $row | Add-Member NoteProperty Server $server.hostname
        $row | Add-Member NoteProperty LastSeen (([datetime]'1/1/1970').AddMilliseconds($server.lastSeen))
        $row | Add-Member NoteProperty AV $server.antivirus.antivirusStatus
        $report += $row
    }
}
$report | Sort-Object Customer, Server | Export-Csv "$env:OUT/servers.csv" -NoTypeInformation -Encoding UTF8
"$($report.Count) servers"
'@)

        $run.Errors | Should -BeNullOrEmpty
        $sites = @((Get-Parsed $sim 'v2/account/sites?max=250').sites |
                Where-Object { -not $_.onDemand -and $_.name -ne 'Deleted Devices' })
        $expected = @($parsed | Where-Object { $_.siteUid -in $sites.uid -and $_.deviceType.category -eq 'Server' })
        $expected.Count | Should -BeGreaterThan 0
        $run.Output | Should -Be "$($expected.Count) servers"
        $rows = @(Import-Csv (Join-Path $TestDrive 'servers.csv') -Encoding UTF8)
        ($rows.Server | Sort-Object) -join ' ' | Should -Be (($expected.hostname | Sort-Object) -join ' ')
        $rows[0].Customer | Should -BeIn $sites.name
    }

    It 'gathers the serial numbers device by device' {
        $run = Invoke-Shell -Variables $variables -Script ($login + @'
$list = foreach ($device in (Get-DrmmAccountDevices | Where-Object {$_.deviceClass -eq 'device'} | Select -First 6)) {
    $audit = Get-DrmmAuditDevice $device.uid
    [PSCustomObject]@{
        Name   = $device.hostname
        Serial = (Get-DrmmAuditDevice -deviceUid $device.uid).bios.serialNumber
        Disks  = ($audit.logicalDisks | Measure-Object).Count
    }
}
$list | ConvertTo-Json
'@)

        $run.Errors | Should -BeNullOrEmpty
        $rows = @($run.Output | ConvertFrom-Json | ForEach-Object { $_ })
        $rows.Count | Should -Be 6
        foreach ($row in $rows) {
            $uid = @($parsed | Where-Object { $_.hostname -eq $row.Name -and $_.deviceClass -eq 'device' })[0].uid
            $row.Serial | Should -Be (Get-Parsed $sim "v2/audit/device/$uid").bios.serialNumber
        }
    }

    It 'writes devices without their fields into a database, as JSON' {
        $run = Invoke-Shell -Variables $variables -Script ($login + @'
Get-DrmmAccountDevices | % {
    $_ | Add-Member -MemberType NoteProperty -Name 'importDate' -Value '2026-01-01'
    $_ | Add-Member -Name 'warranty' -MemberType NoteProperty -Value $_.warrantyDate -Force
    $_.PSObject.Properties.Remove('udf')
    $_.PSObject.Properties.Remove('patchManagement')
    $_
} | ConvertTo-Json -Depth 4 | Out-File "$env:OUT/devices.json" -Encoding utf8
'done'
'@)

        "$($run.Errors)|$($run.Output)" | Should -Be '|done'
        $text = Get-Content (Join-Path $TestDrive 'devices.json') -Raw -Encoding UTF8
        $rows = @($text | ConvertFrom-Json | ForEach-Object { $_ })
        $rows.uid | Should -Be $parsed.uid
        $expected = @($parsed[0].PSObject.Properties.Name | Where-Object { $_ -notin 'udf', 'patchManagement' })
        @($rows[0].PSObject.Properties.Name) | Should -Be ($expected + 'importDate', 'warranty')
    }

    It 'copies a value from one field to another where it is missing' {
        $device = @($parsed | Where-Object { $_.udf.udf1 -and $_.deviceClass -eq 'device' })[0]
        $variables.UID = $device.uid
        $run = Invoke-Shell -Variables $variables -Script ($login + @'
$name = 'udf1'
$device = Get-DrmmDevice $env:UID
if ($device.udf.$name -and $device.udf.udf29 -ne $device.udf.$name) {
    Set-DrmmDeviceUdf $device.uid -udf29 $device.udf.$name
}
$device = Get-DrmmDevice $env:UID
$device.udf.udf29 -eq $device.udf.udf1
'@)

        $run.Errors | Should -BeNullOrEmpty
        ($run.Output -split '\n')[-1] | Should -Be 'True'
        (Get-Parsed $sim "v2/device/$($device.uid)").udf.udf29 | Should -Be $device.udf.udf1
    }

    It 'resolves alerts of one kind, and says how many there were' {
        $run = Invoke-Shell -Variables $variables -Script ($login + @'
$count = 0
foreach ($alert in Get-DrmmAccountAlertsOpen) {
    if ($alert.priority -eq 'Low' -and $alert.alertContext.PSObject.Properties.name -contains '@class') {
        Set-DrmmAlertResolve $alert.alertUid | Out-Null
        $count++
    }
}
Write-Output "Resolved: $count"
'@)

        $run.Errors | Should -BeNullOrEmpty
        $left = @((Get-Parsed $sim 'v2/account/alerts/open?max=250&muted=False').alerts | Where-Object priority -eq Low)
        $left | Should -BeNullOrEmpty
        $run.Output | Should -Match '^Resolved: [1-9]\d*$'
    }

    It 'sees on stream 6 that it could not log in, and leaves' {
        $wrong = $variables.Clone()
        $wrong.DRMM_API_SECRET = 'canary-20b7'
        $run = Invoke-Shell -Variables $wrong -Script @'
Import-Module DattoRMM
$params = @{ Url = $env:DRMM_TEST_URL; Key = $env:DRMM_API_KEY; SecretKey = $env:DRMM_API_SECRET }
$result = Set-DrmmApiParameters @params 6>&1
if ($result) { Write-Output "no login"; exit 3 }
Get-DrmmAccountDevices
'@

        $run.ExitCode | Should -Be 3
        $run.Output | Should -Be 'no login'
        "$($run.Output) $($run.Errors)" | Should -Not -Match 'canary-20b7'
    }
}
